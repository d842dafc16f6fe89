import sys
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate
from procrastinate.contrib.django.models import ProcrastinateJob

from conftest import TESTER, make_sku
from gendan.catalog.models import ShopCode, Sku
from gendan.channels.models import Offer, Publication, PublishRule
from gendan.channels.publishing.actions import (
    NotYours,
    RuleExists,
    WrongLimits,
    capture,
    preview,
    save_rule,
    switch,
)
from gendan.channels.publishing.queries import COUNTING
from gendan.channels.publishing.tasks import publish_shops
from gendan.channels.tests.publishing.conftest import Seller, Shelf
from gendan.journal.models import Entry
from gendan.journal.writing import entry
from gendan.people.models import Person, Shop, Warehouse
from gendan.stock.actions import Coming, expect


def test_a_rule_acts_at_once_and_says_who_and_why(
    sell: Seller, shelf: Shelf, tea: Sku, shop: Shop, zhao: Person
) -> None:
    shelf(tea, 20)
    save_rule(PublishRule(), by=TESTER)
    sell()
    save_rule(PublishRule(shop=shop, percent=50), by=zhao, why="直播")
    assert Offer.objects.get().wanted == 8
    said = Entry.objects.get(verb="publishing.rule_added", actor_name=zhao.name)
    assert said.why == "直播"


def test_a_preview_says_what_saving_does_and_leaves_nothing(
    rule: PublishRule, sell: Seller, shelf: Shelf, tea: Sku, shop: Shop
) -> None:
    shelf(tea, 20)
    sell()
    before = list(Publication.objects.values_list())
    seen = preview(PublishRule(shop=shop, percent=50), by=TESTER)
    assert (seen.listings, seen.changed) == (1, 1)
    assert (seen.samples[0].sku, seen.samples[0].free, seen.samples[0].wanted) == ("TEA-01", 17, 8)
    assert PublishRule.objects.count() == 1
    assert list(Publication.objects.values_list()) == before
    assert Offer.objects.get().wanted == 17


def test_a_preview_counts_what_is_expected_with_the_rule(
    rule: PublishRule, sell: Seller, shelf: Shelf, tea: Sku, hangzhou: Warehouse
) -> None:
    shelf(tea, 20)
    sell()
    expect([Coming("PO-1", tea.pk, hangzhou.pk, 30, localdate() + timedelta(days=2))], by=TESTER)
    rule.arriving_percent = 50
    sample = preview(rule, by=TESTER).samples[0]
    assert (sample.free, sample.arriving, sample.published, sample.wanted) == (32, 15, None, 32)
    assert Offer.objects.get().wanted == 17


def test_a_preview_writes_nothing_down_however_many_listings_there_are(
    rule: PublishRule, sell: Seller, shelf: Shelf, tea: Sku, shop: Shop
) -> None:
    shelf(tea, 20)
    sell()
    with CaptureQueriesContext(connection) as queries:
        preview(PublishRule(shop=shop, percent=50), by=TESTER)
    said = " ".join(query["sql"] for query in queries)
    assert "INSERT INTO channels_publication" not in said
    assert "pg_advisory_xact_lock" not in said


def test_of_very_many_goods_an_even_sample_is_tried_and_named_so(
    rule: PublishRule, sell: Seller, shelf: Shelf, tea: Sku, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = [make_sku(f"TEA-9{n}", "绿茶") for n in range(4)]
    for sku in (tea, *others):
        shelf(sku, 20)
        sell(sku)
    monkeypatch.setattr(sys.modules[preview.__module__], "TRIED", 2)
    rule.percent = 50
    seen = preview(rule, by=TESTER)
    assert (seen.listings, seen.changed, seen.all) == (2, 2, 5)
    assert [one.sku for one in preview(rule, by=TESTER).samples] == [o.sku for o in seen.samples]
    narrow = preview(PublishRule(sku=others[0], percent=10), by=TESTER)
    assert (narrow.listings, narrow.is_sample) == (1, False)


def test_large_shops_are_captured_by_the_worker(
    client: Client,
    shelf: Shelf,
    tea: Sku,
    shop: Shop,
    zhao: Person,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys.modules[capture.__module__], "MANY", 0)
    shelf(tea, 20)
    with entry("test.setup", by=TESTER):
        ShopCode.objects.create(shop=shop, code=tea.code, sku=tea)
    save_rule(PublishRule(), by=TESTER)
    client.force_login(zhao)
    assert "hx-get" in client.get(reverse("publish-counting")).content.decode()
    assert not Offer.objects.exists()
    job = ProcrastinateJob.objects.get(task_name=COUNTING)
    ProcrastinateJob.objects.filter(pk=job.pk).update(status="succeeded")
    publish_shops(**job.args)
    assert client.get(reverse("publish-counting"))["HX-Refresh"] == "true"
    assert Offer.objects.get().wanted == 17


@pytest.mark.parametrize("numbers", [{"arriving_percent": 101}, {"arriving_days": 0}])
def test_more_than_is_expected_is_refused(numbers: dict[str, int], shop: Shop) -> None:
    with pytest.raises(WrongLimits):
        save_rule(PublishRule(shop=shop, **numbers), by=TESTER)
    assert not PublishRule.objects.exists()


def test_two_rules_for_the_same_goods_are_refused(rule: PublishRule, shop: Shop) -> None:
    with pytest.raises(RuleExists):
        save_rule(PublishRule(percent=10), by=TESTER)
    with pytest.raises(WrongLimits):
        save_rule(PublishRule(shop=shop, least=5, most=3), by=TESTER)
    assert PublishRule.objects.count() == 1


def test_a_rule_that_is_switched_off_decides_nothing(
    rule: PublishRule, sell: Seller, shelf: Shelf, tea: Sku, shop: Shop
) -> None:
    shelf(tea, 20)
    narrow = save_rule(PublishRule(shop=shop, percent=50), by=TESTER)
    sell()
    assert switch([narrow], False, by=TESTER) == 1
    assert Offer.objects.get().wanted == 17


def test_who_sees_some_shops_leaves_the_rules_of_others_alone(
    rule: PublishRule, shop: Shop, pdd: Shop, zhao: Person
) -> None:
    others = save_rule(PublishRule(shop=pdd), by=TESTER)
    zhao.shop_ids = [shop.pk]
    for beyond in (rule, others):
        with pytest.raises(NotYours):
            switch([beyond], False, by=zhao)
        with pytest.raises(NotYours):
            save_rule(beyond, by=zhao)
    assert PublishRule.objects.filter(is_on=True).count() == 2
    assert switch([save_rule(PublishRule(shop=shop), by=zhao)], False, by=zhao) == 1
