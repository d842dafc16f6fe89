"""Serving with two hands: nobody is passed over, and nothing is promised that is not there."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conftest import TESTER, OrderMaker
from gendan.catalog.models import Sku
from gendan.journal.models import Entry
from gendan.journal.writing import entry
from gendan.orders.models import Line, Order
from gendan.orders.stages import Stage
from gendan.people.models import Warehouse
from gendan.stock import hands
from gendan.stock.actions import adjust, reserve_next, serve_certain
from gendan.stock.actions.goods import Goods
from gendan.stock.hands import serve_all
from gendan.stock.models import Balance
from gendan.stock.tests.conftest import Shelf
from gendan.stock.tests.test_race import at_once
from gendan.stock.turns import next_in_turn
from gendan.stock.verify import differences

NOW = timezone.now()


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a handful of orders be many."""
    monkeypatch.setattr(hands, "FEW", 2)
    monkeypatch.setattr(hands, "PART", 5)
    monkeypatch.setattr(hands, "ROUND", 12)


def test_who_gets_the_goods_in_any_case_is_served_without_waiting(
    make_orders: OrderMaker, tea: Sku, shelf: Shelf, hangzhou: Warehouse
) -> None:
    shelf(tea, 9)  # three are kept back
    orders = make_orders(3, stage=Stage.READY)
    queue = next_in_turn(10)
    assert queue is not None
    assert serve_certain(queue.certain, queue.warehouse_id, by=TESTER, now=NOW) == 3
    assert set(orders.values_list("stage", "warehouse")) == {(Stage.ALLOCATED, hangzhou.pk)}
    assert Balance.objects.get().reserved == 6
    assert Entry.objects.get(verb="stock.reserved").facts == {"count": 3}
    assert not list(differences())


def test_who_comes_too_late_for_all_to_be_served_takes_a_turn(
    make_orders: OrderMaker, tea: Sku, shelf: Shelf
) -> None:
    shelf(tea, 8)  # three are kept back, and each wants two
    late = make_orders(1, stage=Stage.READY)
    early = make_orders(2, stage=Stage.READY, paid_at=NOW - timedelta(hours=1))
    queue = next_in_turn(10)
    assert queue is not None
    assert len(queue.orders) == 3
    assert serve_certain(queue.certain, queue.warehouse_id, by=TESTER, now=NOW) == 2
    assert set(early.values_list("stage", flat=True)) == {Stage.ALLOCATED}
    assert late.get().stage == Stage.READY


def test_an_order_that_wants_anything_scarce_or_unknown_takes_its_turn(
    make_orders: OrderMaker, tea: Sku, bag: Sku, shelf: Shelf
) -> None:
    shelf(tea, 50)
    plain, scarce, unknown = (make_orders(1, stage=Stage.READY).get() for _order in range(3))
    with entry("test.setup", by=TESTER):
        for order, sku in ((scarce, bag), (unknown, None)):
            line = Line(order=order, position=2, sku=sku, title="?", quantity=1)
            line.price_fen = line.total_fen = 0
            line.save()
    queue = next_in_turn(10)
    assert queue is not None
    assert serve_certain(queue.certain, queue.warehouse_id, by=TESTER, now=NOW) == 1
    assert Order.objects.get(stage=Stage.ALLOCATED) == plain


def test_what_follows_in_the_same_transaction_is_looked_at_in_the_end(
    make_orders: OrderMaker, tea: Sku, shelf: Shelf
) -> None:
    shelf(tea, 50)
    make_orders(1, stage=Stage.READY)
    queue = next_in_turn(10)
    assert queue is not None
    assert serve_certain(queue.certain, queue.warehouse_id, by=TESTER, now=NOW) == 1
    with transaction.atomic(), entry("test.setup", by=TESTER):
        # Before its product, as a parcel's lines come before the parcel.
        Sku.objects.create(product_id=1 << 40, code="EARLY", title="?", price_fen=0)
        transaction.set_rollback(True)


def test_nobody_is_served_of_goods_that_went_meanwhile(
    make_orders: OrderMaker, tea: Sku, shelf: Shelf, hangzhou: Warehouse
) -> None:
    shelf(tea, 9)
    orders = make_orders(3, stage=Stage.READY)
    queue = next_in_turn(10)
    assert queue is not None
    for gone in (-1, -5):  # the safety stock is touched; there is too little
        adjust([Goods(tea.pk, gone)], hangzhou, by=TESTER, why="broken")
        assert serve_certain(queue.certain, queue.warehouse_id, by=TESTER, now=NOW) == 0
        assert set(orders.values_list("stage", flat=True)) == {Stage.READY}
        assert not Entry.objects.filter(verb="stock.reserved").exists()
    assert not list(differences())


def test_it_costs_the_same_for_one_and_for_many(
    make_orders: OrderMaker, tea: Sku, shelf: Shelf
) -> None:
    shelf(tea, 1000)
    counts = []
    for number in (1, 30):
        make_orders(number, stage=Stage.READY)
        with CaptureQueriesContext(connection) as queries:
            queue = next_in_turn(100)
            assert queue is not None
            assert serve_certain(queue.certain, queue.warehouse_id, by=TESTER, now=NOW) == number
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.django_db(transaction=True)
def test_two_hands_serve_all_and_the_first_payer_gets_what_is_scarce(
    many: None, make_orders: OrderMaker, tea: Sku, bag: Sku, shelf: Shelf
) -> None:
    shelf(tea, 100)
    shelf(bag, 9)  # three are kept back
    late = make_orders(6, stage=Stage.READY, sku=bag, paid_at=NOW)
    make_orders(15, stage=Stage.READY, paid_at=NOW - timedelta(hours=1))
    early = make_orders(2, stage=Stage.READY, sku=bag, paid_at=NOW - timedelta(hours=2))
    assert serve_all(by=TESTER) == 23
    assert serve_all(by=TESTER) == 0
    assert set(early.values_list("stage", flat=True)) == {Stage.ALLOCATED}
    assert sorted(late.values_list("stage", flat=True)) == ["ALLOCATED"] + ["SHORT"] * 5
    assert Order.objects.filter(stage=Stage.ALLOCATED).count() == 18
    assert not list(differences())


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_many_workers_with_two_hands_each_never_oversell(
    many: None, make_orders: OrderMaker, tea: Sku, bag: Sku, shelf: Shelf
) -> None:
    shelf(tea, 203)
    shelf(bag, 43)
    for _round in range(4):
        make_orders(20, stage=Stage.READY)
        make_orders(10, stage=Stage.READY, sku=bag)

    def serve(worker: int) -> None:
        while serve_all(by=TESTER) or any(reserve_next(by=TESTER, now=timezone.now(), limit=3)):
            pass

    at_once(serve)
    assert Order.objects.filter(stage=Stage.ALLOCATED).count() == 100
    assert Order.objects.filter(stage=Stage.SHORT).count() == 20
    assert {row.sku_id: row.reserved for row in Balance.objects.all()} == {tea.pk: 160, bag.pk: 40}
    assert not list(differences())
