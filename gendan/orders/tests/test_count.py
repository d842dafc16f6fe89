"""How many orders the tabs of the list say they hold."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache

from conftest import TESTER, OrderMaker
from gendan.journal.writing import entry
from gendan.orders.models import Order
from gendan.orders.queries import tabs
from gendan.orders.stages import Stage
from gendan.people.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_known() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """More than two are many."""
    for text in ("ALL", "OF_SHOPS"):
        monkeypatch.setattr(tabs, text, getattr(tabs, text).replace(str(tabs.MORE), "3"))
    monkeypatch.setattr(tabs, "MORE", 3)


def test_every_stage_is_counted_and_all_that_are_under_way(
    wang: Person, make_orders: OrderMaker
) -> None:
    make_orders(2, stage=Stage.READY)
    make_orders(1, stage=Stage.HELD)
    make_orders(1, stage=Stage.CANCELLED)

    counts = tabs.tab_counts(wang)

    assert {tab: number for tab, number in counts.items() if number} == {
        "open": 3,
        "ready": 2,
        "held": 1,
        "cancelled": 1,
    }


def test_nobody_counts_what_they_may_not_see(
    wang: Person, stranger: Person, make_orders: OrderMaker
) -> None:
    make_orders(2, stage=Stage.READY)

    assert tabs.tab_counts(wang)["ready"] == 2
    assert tabs.tab_counts(stranger)["ready"] == 0


@pytest.mark.usefixtures("few")
def test_a_stage_that_holds_many_is_not_counted_again_at_once(
    wang: Person, make_orders: OrderMaker
) -> None:
    make_orders(4, stage=Stage.READY)
    make_orders(1, stage=Stage.HELD)
    assert tabs.stage_counts(wang)["READY"] == 3

    with entry("test.moved", by=TESTER):
        Order.objects.update(stage=Stage.SHORT)

    counts = tabs.stage_counts(wang)
    assert (counts["READY"], counts["HELD"], counts["SHORT"]) == (3, 0, 3)
