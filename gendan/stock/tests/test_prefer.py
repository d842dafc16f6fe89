"""Who gets goods first: shown before they come, and overruled with a reason."""

from datetime import timedelta

import pytest
from django.utils import timezone

from conftest import TESTER, OrderMaker
from gendan.catalog.models import Sku
from gendan.journal.models import Entry
from gendan.orders.models import OrderQuerySet
from gendan.orders.move import WrongStage
from gendan.orders.stages import Stage
from gendan.people.models import Person, Warehouse
from gendan.stock.actions import (
    NothingToDo,
    forget_precedence,
    prefer,
    receive,
    reserve_next,
    stop_preferring,
    who_gets,
)
from gendan.stock.actions.goods import Goods
from gendan.stock.hands import serve_all
from gendan.stock.models import Balance, Precedence, Reservation
from gendan.stock.tests.conftest import Shelf

NOW = timezone.now()


@pytest.fixture
def queue(make_orders: OrderMaker, hangzhou: Warehouse) -> tuple[OrderQuerySet, OrderQuerySet]:
    """An order paid early and one paid late, both short of two tins of tea."""
    late = make_orders(1, stage=Stage.READY, paid_at=NOW)
    early = make_orders(1, stage=Stage.READY, paid_at=NOW - timedelta(hours=5))
    reserve_next(by=TESTER, now=NOW)
    return early, late


Queue = tuple[OrderQuerySet, OrderQuerySet]


def test_it_is_shown_who_would_get_what_and_nothing_changes(
    queue: Queue, tea: Sku, hangzhou: Warehouse, chen: Person
) -> None:
    early, late = queue
    entries = Entry.objects.count()
    gets = who_gets([Goods(tea.pk, 5)], hangzhou, by=chen, now=NOW)
    assert [(each.order, each.wants, each.gets) for each in gets] == [
        (early.get(), 2, 2),
        (late.get(), 2, 0),
    ]
    assert Entry.objects.count() == entries
    assert not Balance.objects.exists()
    assert not Reservation.objects.exists()


def test_what_is_shown_is_what_happens(
    queue: Queue, tea: Sku, hangzhou: Warehouse, zhao: Person
) -> None:
    _early, late = queue
    prefer(late, tea, by=zhao, now=NOW, why="老客户，明天生日")
    shown = who_gets([Goods(tea.pk, 5)], hangzhou, by=zhao, now=NOW)
    receive([Goods(tea.pk, 5)], hangzhou, by=TESTER)
    serve_all(by=TESTER)
    served = {each.order.pk for each in shown if each.gets}
    assert served == set(Reservation.objects.values_list("line__order_id", flat=True))
    assert late.get().stage == Stage.ALLOCATED


def test_it_says_who_and_why(queue: Queue, tea: Sku, zhao: Person) -> None:
    _early, late = queue
    prefer(late, tea, by=zhao, now=NOW, why="老客户")
    said = Entry.objects.get(verb="stock.preferred")
    assert (said.actor_name, said.why) == ("赵主管", "老客户")
    assert Precedence.objects.get().by == zhao


def test_who_is_put_first_later_stands_before_the_others(
    queue: Queue, tea: Sku, zhao: Person, shelf: Shelf
) -> None:
    early, late = queue
    prefer(late, tea, by=zhao, now=NOW, why="先")
    prefer(early, tea, by=zhao, now=NOW, why="更先")
    shelf(tea, 5)
    reserve_next(by=TESTER, now=NOW)
    assert (early.get().stage, late.get().stage) == (Stage.ALLOCATED, Stage.SHORT)


def test_it_waits_its_turn_again(queue: Queue, tea: Sku, zhao: Person, shelf: Shelf) -> None:
    early, late = queue
    prefer(late, tea, by=zhao, now=NOW, why="先")
    assert stop_preferring(late, tea, by=zhao) == 1
    shelf(tea, 5)
    reserve_next(by=TESTER, now=NOW)
    assert early.get().stage == Stage.ALLOCATED


def test_without_a_reason_nothing_changes(queue: Queue, tea: Sku, zhao: Person) -> None:
    with pytest.raises(NothingToDo):
        prefer(queue[1], tea, by=zhao, now=NOW, why=" ")
    assert not Precedence.objects.exists()


def test_what_waits_for_nothing_is_refused(make_orders: OrderMaker, tea: Sku, zhao: Person) -> None:
    with pytest.raises(WrongStage):
        prefer(make_orders(1, stage=Stage.COMPLETED), tea, by=zhao, now=NOW, why="先")
    assert not Precedence.objects.exists()


def test_what_is_done_is_forgotten(queue: Queue, tea: Sku, zhao: Person, shelf: Shelf) -> None:
    prefer(queue[1], tea, by=zhao, now=NOW, why="先")
    assert forget_precedence(by=TESTER) == 0
    shelf(tea, 50)
    reserve_next(by=TESTER, now=NOW)
    assert forget_precedence(by=TESTER) == 1
