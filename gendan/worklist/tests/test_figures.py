"""What the live updates say of everybody at once is what each person's page says."""

import pytest
from django.utils import timezone

from conftest import TESTER, person
from gendan.people.models import Person, Shop, Warehouse
from gendan.people.permissions import Role
from gendan.worklist.actions import NewItem, claim, close_items, escalate, open_items
from gendan.worklist.figures import Figures, digest_of, everything, outlook
from gendan.worklist.models import Item, Kind
from gendan.worklist.queries import waiting_for

NOW = timezone.now()


def figures(someone: Person, whose: str = "") -> Figures:
    return everything().figures(someone.pk, outlook(someone, whose))


@pytest.fixture
def busy(shop: Shop, store: Shop, hangzhou: Warehouse, li: Person) -> None:
    """Let work wait in several places, for several roles, some of it taken."""
    items = [
        NewItem(kind, "order", number, shop_id=shop_id, warehouse_id=warehouse_id)
        for number, (kind, shop_id, warehouse_id) in enumerate(
            (kind, shop_id, warehouse_id)
            for kind in (Kind.HELD, Kind.SHORT, Kind.RECALLED, Kind.APPROVAL)
            for shop_id in (None, shop.pk, store.pk)
            for warehouse_id in (None, hangzhou.pk)
        )
    ]
    open_items(items, by=TESTER, now=NOW)
    claim(Item.objects.filter(pk__in=Item.objects.filter(role=Role.REVIEWER)[:2]), by=li)


@pytest.mark.usefixtures("busy")
def test_everybodys_share_is_what_their_own_page_shows(
    li: Person, zhao: Person, stranger: Person, shop: Shop, hangzhou: Warehouse
) -> None:
    narrow = person("zhou", "周一店", Role.REVIEWER, Role.MERCHANDISER, shop_ids=[shop.pk])
    near = person("qian", "钱杭州", Role.WAREHOUSE, warehouse_ids=[hangzhou.pk])
    for someone in (li, zhao, stranger, narrow, near):
        for whose in ("", "mine", "all"):
            expected = Figures(waiting_for(someone).count(), digest_of(someone, whose))
            assert figures(someone, whose) == expected
    assert digest_of(zhao, "all") != digest_of(zhao, "")
    assert digest_of(li, "all") == digest_of(li, "")  # who may not see all of it gets their own


def test_as_many_but_others_is_news(li: Person) -> None:
    open_items([NewItem(Kind.HELD, "order", 1)], by=TESTER, now=NOW)
    before = figures(li)
    close_items([Kind.HELD], "order", [1], by=TESTER, now=NOW, why="released")
    open_items([NewItem(Kind.HELD, "order", 2)], by=TESTER, now=NOW)
    assert figures(li).count == before.count
    assert figures(li).digest != before.digest


def test_taking_and_escalating_is_news(li: Person, zhao: Person) -> None:
    open_items([NewItem(Kind.HELD, "order", 1, due_at=NOW)], by=TESTER, now=NOW)
    digests = {figures(zhao, "all").digest}
    claim(Item.objects.all(), by=li)
    digests.add(figures(zhao, "all").digest)
    escalate(by=TESTER, now=timezone.now())
    digests.add(figures(zhao, "all").digest)
    assert len(digests) == 3
