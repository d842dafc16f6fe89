import pytest
from django.test import Client
from django.urls import reverse

from gendan.catalog.models import Sku
from gendan.channels.models import Offer, Publication, PublishRule
from gendan.channels.publishing.imports import take_items
from gendan.channels.tests.publishing.conftest import Seller, Shelf
from gendan.people.models import Person, Shop
from gendan.ui.importing import ImportRow


@pytest.fixture
def offer(rule: PublishRule, sell: Seller, shelf: Shelf, pdd: Shop, tea: Sku) -> Offer:
    shelf(tea, 20)
    return sell(shop=pdd)


def test_the_page_shows_what_shops_show_and_its_strangers_nothing(
    client: Client, offer: Offer, zhao: Person, wang: Person, stranger: Person
) -> None:
    for who, status in ((wang, 403), (zhao, 200)):
        client.force_login(who)
        for name in ("publishing", "publish-outbox", "publish-rules", "publish-items-import"):
            assert client.get(reverse(name)).status_code == status, name
    page = client.get(reverse("publishing")).content.decode()
    assert "TEA-01" in page
    assert client.get(f"{reverse('publishing')}?file=csv").status_code == 200
    client.force_login(stranger)
    assert "TEA-01" not in client.get(reverse("publishing")).content.decode()


def test_a_clerk_makes_a_file_takes_it_and_confirms(
    client: Client, offer: Offer, pdd: Shop, zhao: Person
) -> None:
    client.force_login(zhao)
    client.post(reverse("publish-file-take", args=["PDD1"]))
    name = Publication.objects.get().file
    page = client.get(reverse("publishing")).content.decode()
    assert name in page
    answer = client.get(reverse("publish-file", args=["PDD1", name]))
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    client.post(reverse("publish-file-back", args=["PDD1", name]))
    assert client.get(reverse("publish-file", args=["PDD1", name])).status_code == 404
    client.post(reverse("publish-file-take", args=["PDD1"]))
    name = Publication.objects.get().file
    client.post(reverse("publish-file-confirm", args=["PDD1", name]))
    offer.refresh_from_db()
    assert offer.quantity == 17


def test_a_rule_is_tried_as_it_is_written_and_saved(
    client: Client, offer: Offer, pdd: Shop, tea: Sku, zhao: Person
) -> None:
    client.force_login(zhao)
    form = {
        "shop": pdd.pk,
        "sku": "tea-01",
        "percent": 50,
        "plus": 0,
        "minus": 0,
        "least": 0,
        "arriving_percent": 0,
        "arriving_days": 7,
        "less_reserved": "on",
        "less_safety": "on",
        "is_on": "on",
    }
    tried = client.post(reverse("publish-rule-try-new"), form).content.decode()
    assert "TEA-01" in tried
    assert PublishRule.objects.count() == 1
    assert client.post(reverse("publish-rule-new"), form).status_code == 302
    made = PublishRule.objects.latest("pk")
    assert (made.sku, made.percent, made.less_waiting) == (tea, 50, False)
    assert client.get(reverse("publish-rule", args=[made.pk])).status_code == 200
    again = client.post(reverse("publish-rule-new"), form)
    assert again.status_code == 422
    too_much = client.post(reverse("publish-rule-try-new"), form | {"arriving_percent": 101})
    assert any("百分之百" in one for one in too_much.context["errors"]["__all__"])
    assert client.post(reverse("publish-now")).status_code == 302


def test_item_numbers_come_from_a_file(offer: Offer, pdd: Shop, zhao: Person) -> None:
    rows = [
        ImportRow(2, {"shop": pdd.pk, "code": "TEA-01", "item": "7001"}),
        ImportRow(3, {"shop": pdd.pk, "code": "NOBODY", "item": "7002"}),
    ]
    outcome = take_items(rows, by=zhao)
    assert (outcome.changed, len(outcome.mistakes)) == (1, 1)
    offer.refresh_from_db()
    assert offer.item == "7001"
