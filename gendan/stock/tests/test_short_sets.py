"""Short sets: as many as are there whole are sent; a part alone only where the house allows it."""

import pytest
from django.utils import timezone

from conftest import TESTER, OrderMaker
from gendan.catalog.models import Sku
from gendan.orders.actions.explode import explode
from gendan.orders.models import Line, Order
from gendan.orders.stages import Stage
from gendan.people.models import Warehouse
from gendan.stock.actions import (
    Chosen,
    Goods,
    NothingThere,
    ask,
    choose,
    receive,
    reserve_next,
    save_parting_rules,
    serve_part,
    serve_rests,
)
from gendan.stock.models import PartingRules, Reservation, Rest, ShortageCase
from gendan.stock.queries.offers import Offer, offers
from gendan.stock.tests.conftest import Shelf
from gendan.stock.verify import differences
from gendan.worklist.models import Item, Kind

NOW = timezone.now()


def short(make_orders: OrderMaker, box: Sku, sets: int = 3) -> ShortageCase:
    """Return the case of an order of sets that are not all there."""
    orders = make_orders(1, sku=box, quantity=sets, stage=Stage.READY)
    explode([orders.get().pk], by=TESTER)
    reserve_next(by=TESTER, now=NOW)
    return ShortageCase.objects.get()


def offered(case: ShortageCase) -> dict[str, Offer]:
    found = offers(ShortageCase.objects.filter(pk=case.pk), now=NOW)[case.pk]
    return {offer.code: offer for offer in found}


def promised() -> dict[str, int]:
    return dict(Reservation.objects.values_list("sku__code", "quantity"))


def test_whole_sets_are_sent_and_the_rest_is_refunded(
    make_orders: OrderMaker, box: Sku, tea: Sku, bag: Sku, shelf: Shelf
) -> None:
    shelf(tea, 3 + 5)  # three are kept: for two sets
    shelf(bag, 3 + 9)
    case = short(make_orders, box)
    offer = offered(case)["PART-REFUND"]
    assert "茶礼盒 × 2" in offer.label
    assert offer.difference_fen == -49900
    choose({case.pk: Chosen("PART-REFUND")}, by=TESTER, now=NOW)
    order = Order.objects.get()
    assert (order.stage, order.total_fen) == (Stage.ALLOCATED, 2 * 49900)
    assert Line.objects.get(is_set=True).quantity == 2
    assert promised() == {"TEA-01": 4, "BAG-01": 2}
    assert Item.objects.open().filter(kind=Kind.REFUND_DUE).exists()
    assert not list(differences())


def test_or_the_rest_follows_in_whole_sets(
    make_orders: OrderMaker, box: Sku, tea: Sku, bag: Sku, shelf: Shelf, hangzhou: Warehouse
) -> None:
    shelf(tea, 3 + 5)
    shelf(bag, 3 + 9)
    case = short(make_orders, box)
    serve_part(Order.objects.numbered([case.order_id]), by=TESTER, now=NOW)
    assert promised() == {"TEA-01": 4, "BAG-01": 2}
    assert dict(Rest.objects.values_list("sku__code", "quantity")) == {"TEA-01": 2, "BAG-01": 1}
    assert not list(differences())
    receive([Goods(tea.pk, 1)], hangzhou, by=TESTER)
    assert serve_rests(by=TESTER, now=NOW) == 1
    assert promised() == {"TEA-01": 6, "BAG-01": 3}
    assert not list(differences())


def test_a_rest_of_whole_sets_is_refunded_later(
    make_orders: OrderMaker, box: Sku, tea: Sku, bag: Sku, shelf: Shelf
) -> None:
    shelf(tea, 3 + 5)
    shelf(bag, 3 + 9)
    case = short(make_orders, box)
    serve_part(Order.objects.numbered([case.order_id]), by=TESTER, now=NOW)
    assert offered(case)["PART-REFUND"].difference_fen == -49900
    choose({case.pk: Chosen("PART-REFUND")}, by=TESTER, now=NOW)
    assert promised() == {"TEA-01": 4, "BAG-01": 2}
    assert not Rest.objects.exists()
    assert Order.objects.get().total_fen == 2 * 49900
    assert not list(differences())


def test_a_part_of_a_set_does_not_leave_alone(
    make_orders: OrderMaker, box: Sku, tea: Sku, bag: Sku, shelf: Shelf
) -> None:
    shelf(tea, 90)
    case = short(make_orders, box)
    assert not {"PART", "PARCELS", "PART-REFUND"} & offered(case).keys()
    with pytest.raises(NothingThere):
        serve_part(Order.objects.numbered([case.order_id]), by=TESTER, now=NOW)


def test_where_the_house_lets_sets_part_it_does(
    make_orders: OrderMaker, box: Sku, tea: Sku, bag: Sku, shelf: Shelf
) -> None:
    save_parting_rules(PartingRules(sets_part=True), by=TESTER)
    shelf(tea, 90)
    case = short(make_orders, box)
    assert "PART-REFUND" not in offered(case)
    serve_part(Order.objects.numbered([case.order_id]), by=TESTER, now=NOW)
    assert promised() == {"TEA-01": 6}
    assert dict(Rest.objects.values_list("sku__code", "quantity")) == {"BAG-01": 3}
    assert not list(differences())


def test_the_customer_reads_what_was_bought(
    make_orders: OrderMaker, box: Sku, tea: Sku, bag: Sku, shelf: Shelf
) -> None:
    shelf(tea, 90)
    case = short(make_orders, box)
    asked = ask(ShortageCase.objects.filter(pk=case.pk), "CHAT", by=TESTER, now=NOW).get()
    assert "茶礼盒里的手缝牛皮卡包" in asked.text
