import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conftest import TESTER, OrderMaker, make_sku
from gendan.catalog.models import Sku
from gendan.journal.models import Entry
from gendan.orders.stages import Stage
from gendan.people.models import Person, Warehouse
from gendan.stock.actions import (
    Goods,
    NothingToDo,
    adjust,
    count,
    open_stock,
    place_at,
    receive,
    reserve_next,
)
from gendan.stock.models import Balance, Ledger, Location
from gendan.stock.tests.conftest import Shelf
from gendan.stock.tests.test_reserve import NOW
from gendan.stock.writing import NotEnoughStock


def on_hand(sku: Sku) -> int:
    return Balance.objects.get(sku=sku).on_hand


def test_receiving_adds_up_and_says_who_and_on_what_ground(
    chen: Person, tea: Sku, hangzhou: Warehouse
) -> None:
    receive([Goods(tea.pk, 5), Goods(tea.pk, 2)], hangzhou, by=chen, document="RK-7")
    assert on_hand(tea) == 7
    said = Entry.objects.get(verb="stock.received")
    assert (said.actor_name, said.facts["count"]) == ("陈大库", 7)
    assert set(Ledger.objects.values_list("document", "entry_id")) == {("RK-7", said.pk)}


def test_receiving_refuses_nothing_and_less_and_changes_nothing(
    chen: Person, tea: Sku, hangzhou: Warehouse
) -> None:
    for quantity in (0, -1):
        with pytest.raises(NothingToDo):
            receive([Goods(tea.pk, 5), Goods(tea.pk, quantity)], hangzhou, by=chen)
    assert not Ledger.objects.exists()


def test_adjusting_wants_a_reason(
    chen: Person, tea: Sku, hangzhou: Warehouse, shelf: Shelf
) -> None:
    shelf(tea, 5)
    with pytest.raises(NothingToDo):
        adjust([Goods(tea.pk, -2)], hangzhou, by=chen, why=" ")
    adjust([Goods(tea.pk, -2)], hangzhou, by=chen, why="破损两件")
    assert on_hand(tea) == 3
    assert Entry.objects.get(verb="stock.adjusted").why == "破损两件"


def test_promised_pieces_are_not_adjusted_away(
    chen: Person, make_orders: OrderMaker, tea: Sku, hangzhou: Warehouse, shelf: Shelf
) -> None:
    shelf(tea, 6)
    make_orders(1, stage=Stage.READY)
    reserve_next(by=TESTER, now=NOW)
    with pytest.raises(NotEnoughStock):
        adjust([Goods(tea.pk, -5)], hangzhou, by=chen, why="盘亏")
    assert on_hand(tea) == 6


def test_counting_writes_the_difference_alone(
    chen: Person, tea: Sku, bag: Sku, hangzhou: Warehouse, shelf: Shelf
) -> None:
    shelf(tea, 5)
    shelf(bag, 2)
    assert count([Goods(tea.pk, 4), Goods(bag.pk, 2)], hangzhou, by=chen, why="月盘") == 1
    assert (on_hand(tea), on_hand(bag)) == (4, 2)
    assert Ledger.objects.latest("pk").on_hand_change == -1
    with pytest.raises(NothingToDo):
        count([Goods(tea.pk, -1)], hangzhou, by=chen, why="月盘")


def test_opening_twice_changes_nothing(
    chen: Person, tea: Sku, bag: Sku, hangzhou: Warehouse
) -> None:
    goods = [Goods(tea.pk, 5), Goods(bag.pk, 1)]
    assert open_stock(goods, hangzhou, by=chen, document="期初") == 2
    assert open_stock(goods, hangzhou, by=chen, document="期初") == 0
    assert on_hand(tea) == 5


def test_places_are_set_and_changed(chen: Person, tea: Sku, hangzhou: Warehouse) -> None:
    assert place_at({tea.pk: "A-01"}, hangzhou, by=chen) == 1
    assert place_at({tea.pk: "A-01"}, hangzhou, by=chen) == 0
    assert place_at({tea.pk: "B-02"}, hangzhou, by=chen) == 1
    assert Location.objects.get().code == "B-02"


def test_it_costs_the_same_for_many(chen: Person, hangzhou: Warehouse) -> None:
    counts = []
    for number in (1, 300):
        skus = [make_sku(f"N{number}-{n}", "茶", barcode=f"{number}-{n}") for n in range(number)]
        with CaptureQueriesContext(connection) as queries:
            receive([Goods(sku.pk, 3) for sku in skus], hangzhou, by=chen)
        counts.append(len(queries))
    assert counts[0] == counts[1]
