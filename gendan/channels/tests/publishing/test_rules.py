import pytest

from conftest import TESTER
from gendan.catalog.models import Sku
from gendan.channels.models import Offer, Publication, PublishRule
from gendan.channels.publishing.actions import (
    RuleExists,
    WrongLimits,
    preview,
    save_rule,
    switch,
)
from gendan.channels.tests.publishing.conftest import Seller, Shelf
from gendan.journal.models import Entry
from gendan.people.models import Person, Shop


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
