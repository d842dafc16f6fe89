"""Sets: the line that bears the money stays, the parts are what is promised and sent."""

import pytest

from conftest import TESTER, OrderMaker, make_sku
from gendan.catalog.actions.save_set import NoSet, save_sets
from gendan.catalog.models import SetPart, Sku
from gendan.journal.writing import entry
from gendan.orders.actions.explode import explode
from gendan.orders.models import Line, Order


@pytest.fixture
def box(tea: Sku, bag: Sku) -> Sku:
    """A gift box of two tins of tea and a bag."""
    box = make_sku("BOX-01", "茶礼盒", 49900)
    save_sets({box.pk: {tea.pk: 2, bag.pk: 1}}, by=TESTER)
    return box


def parts(order: Order | None) -> dict[str, int]:
    rows = Line.objects.filter(order=order, part_of__isnull=False, is_cancelled=False)
    return dict(rows.values_list("sku__code", "quantity"))


def ids(orders: object) -> list[int]:
    return list(orders.values_list("pk", flat=True))  # type: ignore[attr-defined]


def test_a_set_stands_beside_its_parts(make_orders: OrderMaker, box: Sku) -> None:
    orders = make_orders(1, sku=box, quantity=3)
    explode(ids(orders), by=TESTER)
    bearer = Line.objects.get(order=orders.get(), part_of=None)
    assert (bearer.is_set, bearer.total_fen) == (True, 3 * 49900)
    assert parts(orders.get()) == {"TEA-01": 6, "BAG-01": 3}
    assert set(Line.objects.filter(part_of=bearer).values_list("total_fen", flat=True)) == {0}


def test_twice_is_the_same_as_once(make_orders: OrderMaker, box: Sku) -> None:
    orders = make_orders(2, sku=box)
    assert explode(ids(orders), by=TESTER)
    assert not explode(ids(orders), by=TESTER)


def test_parts_follow_the_set(make_orders: OrderMaker, box: Sku, tea: Sku) -> None:
    orders = make_orders(1, sku=box, quantity=1)
    explode(ids(orders), by=TESTER)
    with entry("test.changed", by=TESTER):
        Line.objects.filter(is_set=True).update(quantity=2, total_fen=2 * 49900)
        explode(ids(orders), by=TESTER)
    assert parts(orders.get()) == {"TEA-01": 4, "BAG-01": 2}
    with entry("test.changed", by=TESTER):
        Line.objects.filter(is_set=True).update(sku=tea)
        explode(ids(orders), by=TESTER)
    assert parts(orders.get()) == {}
    assert not Line.objects.get(order=orders.get(), part_of=None).is_set


def test_a_set_in_a_set_is_refused(box: Sku, tea: Sku, bag: Sku) -> None:
    crate = make_sku("CRATE-01", "箱")
    for made_of in ({crate.pk: {box.pk: 2}}, {tea.pk: {bag.pk: 1}}, {crate.pk: {crate.pk: 1}}):
        with pytest.raises(NoSet):
            save_sets(made_of, by=TESTER)
    assert SetPart.objects.count() == 2


def test_a_set_without_parts_is_none_any_more(box: Sku) -> None:
    assert save_sets({box.pk: {}}, by=TESTER) == 1
    assert save_sets({box.pk: {}}, by=TESTER) == 0
    assert not SetPart.objects.exists()


@pytest.mark.parametrize("number", [1, 300])
def test_one_set_costs_as_many_statements_as_300(
    number: int, make_orders: OrderMaker, box: Sku, django_assert_max_num_queries: object
) -> None:
    chosen = ids(make_orders(number, sku=box))
    with django_assert_max_num_queries(5):  # type: ignore[operator]
        explode(chosen, by=TESTER)
    assert Line.objects.filter(part_of__isnull=False).count() == 2 * number
