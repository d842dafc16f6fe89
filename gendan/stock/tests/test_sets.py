"""Sets and stock: the parts are promised, and sets and single goods never oversell together."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import TESTER, OrderMaker
from gendan.catalog.actions.save_set import NoSet, save_sets
from gendan.catalog.models import Sku
from gendan.orders.actions.explode import explode
from gendan.orders.models import Line, Order, OrderQuerySet
from gendan.orders.stages import Stage
from gendan.people.models import Person, Warehouse
from gendan.screening.actions import screen, screen_next
from gendan.stock.actions import (
    Coming,
    Goods,
    adjust,
    count,
    expect,
    open_stock,
    receive,
    reserve_next,
)
from gendan.stock.actions.count import Counted, take_stock
from gendan.stock.hands import serve_all
from gendan.stock.imports import take_expected
from gendan.stock.models import Balance, Expected, Reservation, Shortage
from gendan.stock.sets import IsSet
from gendan.stock.tests.conftest import Shelf
from gendan.stock.tests.test_race import at_once
from gendan.stock.verify import differences
from gendan.ui.importing import ImportRow

NOW = timezone.now()


def test_the_parts_are_promised_and_not_the_set(
    make_orders: OrderMaker, box: Sku, tea: Sku, bag: Sku, shelf: Shelf
) -> None:
    shelf(tea, 10)
    shelf(bag, 10)
    orders = make_orders(1, sku=box, quantity=2)
    screen(orders, by=TESTER, now=NOW)
    assert reserve_next(by=TESTER, now=NOW) == (1, 0)
    held = Reservation.objects.values_list("sku__code", "quantity")
    assert dict(held) == {"TEA-01": 4, "BAG-01": 2}
    assert not list(differences())


def test_what_lacks_is_the_part(
    make_orders: OrderMaker, box: Sku, tea: Sku, bag: Sku, shelf: Shelf
) -> None:
    shelf(tea, 10)
    orders = make_orders(1, sku=box, stage=Stage.READY)
    from_ready(orders)
    assert reserve_next(by=TESTER, now=NOW) == (0, 1)
    assert [short.sku.code for short in Shortage.objects.select_related("sku")] == ["BAG-01"]


def from_ready(orders: OrderQuerySet) -> None:
    """Explode the sets of orders that were released by hand."""
    explode(list(orders.values_list("pk", flat=True)), by=TESTER)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    wants=st.lists(
        st.tuples(st.sampled_from(["set", "tea", "bag"]), st.integers(1, 3)),
        min_size=1,
        max_size=12,
    ),
    tins=st.integers(3, 20),
    bags=st.integers(3, 12),
)
def test_sets_and_single_goods_never_oversell(
    wants: list[tuple[str, int]],
    tins: int,
    bags: int,
    make_orders: OrderMaker,
    box: Sku,
    tea: Sku,
    bag: Sku,
    hangzhou: Warehouse,
) -> None:
    goods = {"set": box, "tea": tea, "bag": bag}
    receive([Goods(tea.pk, tins), Goods(bag.pk, bags)], hangzhou, by=TESTER)
    for name, quantity in wants:
        make_orders(1, sku=goods[name], quantity=quantity, stage=Stage.READY)
    from_ready(Order.objects.filter(stage=Stage.READY))
    serve_all(by=TESTER)
    for balance in Balance.objects.all():
        assert 0 <= balance.reserved <= balance.on_hand
    assert not Reservation.objects.filter(sku=box).exists()
    assert not list(differences())


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_processes_that_want_sets_and_single_goods_share_what_there_is(
    make_orders: OrderMaker, box: Sku, tea: Sku, bag: Sku, shelf: Shelf
) -> None:
    shelf(tea, 33)
    shelf(bag, 18)
    make_orders(20, sku=box, quantity=1)
    make_orders(20, sku=tea, quantity=1)
    make_orders(10, sku=bag, quantity=1)

    def work(_worker: int) -> None:
        screen_next(by=TESTER, now=timezone.now(), limit=12)
        while any(reserve_next(by=TESTER, now=timezone.now(), limit=7)):
            pass

    at_once(work)
    work(0)
    for balance in Balance.objects.all():
        assert 0 <= balance.reserved <= balance.on_hand
    sets = Line.objects.filter(is_set=True)
    assert sets.count() == 20
    assert Line.objects.filter(part_of__in=sets).count() == 40
    assert not list(differences())


@pytest.mark.parametrize(
    "write",
    [
        lambda goods, house, who: open_stock(goods, house, by=who, document=""),
        lambda goods, house, who: receive(goods, house, by=who),
        lambda goods, house, who: adjust(goods, house, by=who, why="found"),
        lambda goods, house, who: count(goods, house, by=who, why="counted"),
        lambda goods, house, who: expect(
            [Coming("PO-1", each.sku_id, house.pk, each.quantity, NOW.date()) for each in goods],
            by=who,
        ),
        lambda goods, house, who: take_stock(
            [Counted(each.sku_id, each.quantity, NOW) for each in goods],
            house,
            by=who,
            now=timezone.now(),
            why="",
        ),
    ],
)
def test_stock_is_of_parts_and_the_refusal_names_them(
    box: Sku, hangzhou: Warehouse, chen: Person, write: Callable[..., object]
) -> None:
    with pytest.raises(IsSet) as refused:
        write([Goods(box.pk, 3)], hangzhou, chen)
    assert "BOX-01" in refused.value.sentence
    assert "TEA-01 × 2, BAG-01 × 1" in refused.value.sentence
    assert not Balance.objects.exists()
    assert not Expected.objects.exists()


def test_a_file_names_the_parts_of_a_set_in_its_row(
    box: Sku, tea: Sku, hangzhou: Warehouse, chen: Person
) -> None:
    said = {"warehouse": hangzhou.pk, "quantity": 3, "due_on": NOW.date(), "reference": "PO-1"}
    rows = [ImportRow(n, {**said, "code": code}) for n, code in ((2, "BOX-01"), (3, "TEA-01"))]
    told = take_expected(rows, by=chen)
    assert [row.sku for row in Expected.objects.select_related("sku")] == [tea]
    assert [mistake.number for mistake in told.mistakes] == [2]
    assert "TEA-01 × 2, BAG-01 × 1" in told.mistakes[0].remedy


def test_what_is_expected_does_not_become_a_set(
    tea: Sku, bag: Sku, hangzhou: Warehouse, chen: Person
) -> None:
    expect([Coming("PO-1", tea.pk, hangzhou.pk, 5, NOW.date())], by=chen)
    with pytest.raises(NoSet, match="TEA-01"):
        save_sets({tea.pk: {bag.pk: 2}}, by=chen)
