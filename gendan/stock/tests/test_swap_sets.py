"""Sets of which a part is short: other goods for it, or another set; who bears the money."""

import pytest
from django.utils import timezone

from conftest import TESTER, OrderMaker, make_sku
from gendan.catalog.actions.save_set import save_sets
from gendan.catalog.models import Sku, Substitute
from gendan.journal.writing import entry
from gendan.orders.actions.explode import explode
from gendan.orders.actions.swap import CannotSwap, Swap, swap
from gendan.orders.models import Line, Order
from gendan.orders.stages import Stage
from gendan.people.models import Warehouse
from gendan.stock.actions import Chosen, choose, reserve_next
from gendan.stock.models import Reservation, ShortageCase
from gendan.stock.queries.offers import Offer, offers
from gendan.stock.tests.conftest import Shelf
from gendan.stock.tests.test_settle import own
from gendan.stock.verify import differences

NOW = timezone.now()


@pytest.fixture
def cup(bag: Sku) -> Sku:
    """A cup, three yuan dearer than the bag it may stand for."""
    cup = make_sku("CUP-01", "茶杯", bag.price_fen + 300, safety_stock=0)
    with entry("test.setup", by=TESTER):
        Substitute.objects.create(sku=bag, instead=cup, rank=1)
    return cup


@pytest.fixture
def case(
    make_orders: OrderMaker, box: Sku, tea: Sku, hangzhou: Warehouse, shelf: Shelf
) -> ShortageCase:
    """Two boxes of which the bags are short."""
    shelf(tea, 20)
    orders = make_orders(1, sku=box, quantity=2, stage=Stage.READY, **own())
    explode(list(orders.values_list("pk", flat=True)), by=TESTER)
    reserve_next(by=TESTER, now=NOW)
    return ShortageCase.objects.get()


def offered(case: ShortageCase) -> dict[str, Offer]:
    return {one.code: one for one in offers(ShortageCase.objects.all(), now=NOW)[case.pk]}


def goods() -> dict[str, int]:
    kept = Line.objects.filter(is_cancelled=False, is_set=False)
    return dict(kept.values_list("sku__code", "quantity"))


def test_a_part_is_exchanged_and_the_set_bears_the_difference(
    case: ShortageCase, box: Sku, cup: Sku, shelf: Shelf
) -> None:
    shelf(cup, 9)
    code = f"SWAP-{cup.pk}"
    assert offered(case)[code].difference_fen == 600
    with entry("test.setup", by=TESTER):
        Order.objects.update(is_cod=True)  # pays at the door

    choose({case.pk: Chosen(code)}, by=TESTER, now=NOW)

    order = Order.objects.get()
    assert (order.stage, order.total_fen) == (Stage.ALLOCATED, 2 * box.price_fen + 600)
    assert goods() == {"TEA-01": 4, "CUP-01": 2}
    assert Line.objects.get(is_set=True).price_fen == box.price_fen + 300
    assert dict(Reservation.objects.values_list("sku__code", "quantity")) == goods()
    assert not list(differences())


def test_who_pays_first_keeps_the_other_goods_when_it_is_screened_again(
    case: ShortageCase, cup: Sku, shelf: Shelf
) -> None:
    shelf(cup, 9)
    choose({case.pk: Chosen(f"SWAP-{cup.pk}")}, by=TESTER, now=NOW)
    assert Order.objects.get().stage == Stage.UNPAID

    explode([case.order_id], by=TESTER)

    assert goods() == {"TEA-01": 4, "CUP-01": 2}


def test_on_a_platform_only_what_costs_no_more(
    case: ShortageCase, cup: Sku, bag: Sku, shelf: Shelf
) -> None:
    shelf(cup, 9)
    with entry("test.setup", by=TESTER):
        Order.objects.update(platform_order="T-1")
    assert f"SWAP-{cup.pk}" not in offered(case)
    with entry("test.setup", by=TESTER):
        Substitute.objects.update(keeps_price=True)
    assert offered(case)[f"SWAP-{cup.pk}"].difference_fen == 0


def test_a_set_has_no_goods_twice(case: ShortageCase, bag: Sku, tea: Sku) -> None:
    with entry("test.setup", by=TESTER):
        Substitute.objects.create(sku=bag, instead=tea, rank=1)
    assert f"SWAP-{tea.pk}" not in offered(case)


def test_another_set_is_taken_whole(
    case: ShortageCase, box: Sku, tea: Sku, cup: Sku, shelf: Shelf
) -> None:
    other = make_sku("BOX-02", "杯礼盒", 39900, safety_stock=0)
    save_sets({other.pk: {tea.pk: 1, cup.pk: 2}}, by=TESTER)
    with entry("test.setup", by=TESTER):
        Substitute.objects.create(sku=box, instead=other, rank=1)
    assert f"SWAP-{other.pk}" not in offered(case)  # no cups yet
    shelf(cup, 9)

    choose({case.pk: Chosen(f"SWAP-{other.pk}")}, by=TESTER, now=NOW)

    order = Order.objects.get()
    assert (order.stage, order.total_fen) == (Stage.ALLOCATED, 2 * other.price_fen)
    assert goods() == {"TEA-01": 2, "CUP-01": 4}
    assert not list(differences())


def test_a_part_is_not_given_up_for_nothing(case: ShortageCase, bag: Sku) -> None:
    part = Line.objects.get(sku=bag)
    with pytest.raises(CannotSwap):
        swap([Swap(part.pk, part.quantity)], by=TESTER, now=NOW, why="short")
    assert not Line.objects.filter(is_cancelled=True).exists()
