"""The whole way of an order with a set and a gift: what is sent, told and completed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from conftest import TESTER, OrderMaker, make_sku
from gendan.catalog.actions.save_set import save_sets
from gendan.catalog.models import Sku
from gendan.delivery.actions.complete import receive as take_word
from gendan.delivery.actions.hand_over import hand_over
from gendan.delivery.actions.waybills import draw_waybills
from gendan.delivery.models import NumberRange, WriteBack
from gendan.journal.writing import entry
from gendan.orders import verify as orders
from gendan.orders.actions.give import give, skip_lacking, take_back
from gendan.orders.actions.save_gift_rule import NewTier, save_gift_rule
from gendan.orders.models import GiftLine, GiftRule, Line, Order, WhenOut
from gendan.orders.stages import Stage as OrderStage
from gendan.people.models import Person, Warehouse
from gendan.screening.actions import screen, stop_changed
from gendan.screening.models import Rule
from gendan.stock import verify as stock
from gendan.stock.actions import Goods, receive, reserve_next
from gendan.warehouse import verify as warehouse
from gendan.warehouse.actions.pack import pack
from gendan.warehouse.actions.pick import pick
from gendan.warehouse.actions.plan import plan
from gendan.warehouse.actions.release import release as make_waves
from gendan.warehouse.actions.verify import verify_whole
from gendan.warehouse.guards import MustNotShip
from gendan.warehouse.models import Carrier, ShipmentQuerySet

NOW = timezone.now()


@pytest.fixture
def cup(db: None) -> Sku:
    return make_sku("CUP-01", "随手泡杯", 2900, safety_stock=0)


@pytest.fixture
def order(
    make_orders: OrderMaker,
    tea: Sku,
    bag: Sku,
    cup: Sku,
    hangzhou: Warehouse,
    yuantong: Carrier,
    zhao: Person,
) -> Order:
    """A paid order for one box (two tins of tea and a bag), from ¥300 on with a cup."""
    box = make_sku("BOX-01", "茶礼盒", 49900, safety_stock=0)
    save_sets({box.pk: {tea.pk: 2, bag.pk: 1}}, by=TESTER)
    receive([Goods(tea.pk, 20), Goods(bag.pk, 20), Goods(cup.pk, 1)], hangzhou, by=TESTER)
    rule = GiftRule(
        name="满300送杯",
        counts=[],
        measure="AMOUNT",
        from_at=NOW - timedelta(days=1),
        until_at=NOW + timedelta(days=1),
        is_on=True,
    )
    save_gift_rule(rule, [NewTier(30000, cup.pk)], by=zhao)
    with entry("test.setup", by=TESTER):
        NumberRange.objects.create(carrier=yuantong, prefix="YT", digits=10, next=1, last=1000)
    return make_orders(1, sku=box, quantity=1).get()


def released(order: Order) -> Order:
    screen(Order.objects.numbered([order.pk]), by=TESTER, now=NOW)
    order.refresh_from_db()
    return order


def packed(order: Order) -> ShipmentQuerySet:
    shipments = plan(Order.objects.numbered([order.pk]), by=TESTER)
    shipments = draw_waybills(shipments, by=TESTER)
    make_waves(shipments, by=TESTER)
    return pack(verify_whole(pick(shipments, by=TESTER), by=TESTER), by=TESTER)


def test_it_is_sent_in_parts_told_as_one_and_completed(order: Order) -> None:
    assert released(order).stage == OrderStage.READY
    assert reserve_next(by=TESTER, now=NOW) == (1, 0)
    shipments = packed(order)
    sent = shipments.get().lines.values_list("sku__code", "quantity")
    assert dict(sent) == {"TEA-01": 2, "BAG-01": 1, "CUP-01": 1}
    hand_over(shipments, by=TESTER, now=NOW)
    assert list(WriteBack.objects.values_list("sub_order", flat=True)) == [""]
    take_word(Order.objects.numbered([order.pk]), by=TESTER)
    order.refresh_from_db()
    assert order.stage == OrderStage.COMPLETED
    assert Line.objects.get(order=order, is_set=True).shipped == 0
    assert not [found for found in orders.differences() if "set" in found.what]
    assert not [found for found in warehouse.differences() if "stage" not in found.what]
    assert not list(stock.differences())


def test_a_part_is_told_by_the_name_of_its_set_and_a_gift_not_at_all(order: Order) -> None:
    released(order)
    reserve_next(by=TESTER, now=NOW)
    shipments = packed(order)
    with entry("test.setup", by=TESTER):  # a part stays behind for another parcel
        shipments.get().lines.filter(sku__code="BAG-01").delete()
        shipments.update(pieces=3, kinds=2)
    hand_over(shipments, by=TESTER, now=NOW)
    told = WriteBack.objects.values_list("sub_order", flat=True)
    assert list(told) == [f"{order.platform_order}-1"]


def test_an_order_does_not_wait_for_a_gift_that_is_gone(order: Order, cup: Sku) -> None:
    released(order)
    assert GiftLine.objects.filter(taken_back_at=None).count() == 1
    with entry("test.setup", by=TESTER):
        Line.objects.filter(sku=cup).update(quantity=2)  # two are wanted, one is there
    assert reserve_next(by=TESTER, now=NOW) == (0, 1)
    assert skip_lacking(by=TESTER, now=NOW) == 1
    assert reserve_next(by=TESTER, now=NOW) == (1, 0)
    assert GiftRule.objects.get().given == 0
    assert skip_lacking(by=TESTER, now=NOW) == 0


def test_where_the_rule_says_wait_the_order_waits(order: Order, cup: Sku) -> None:
    with entry("test.setup", by=TESTER):
        GiftRule.objects.update(when_out=WhenOut.WAIT)
    released(order)
    with entry("test.setup", by=TESTER):
        Line.objects.filter(sku=cup).update(quantity=2)
    reserve_next(by=TESTER, now=NOW)
    assert skip_lacking(by=TESTER, now=NOW) == 0
    order.refresh_from_db()
    assert order.stage == OrderStage.SHORT


def test_an_order_does_not_wait_for_a_part_of_a_set_that_is_given(
    order: Order, cup: Sku, zhao: Person
) -> None:
    pair = make_sku("PAIR-01", "对杯", 5000, safety_stock=0)
    save_sets({pair.pk: {cup.pk: 1}}, by=TESTER)
    save_gift_rule(GiftRule.objects.get(), [NewTier(30000, pair.pk)], by=zhao)
    released(order)
    assert GiftLine.objects.get().line.parts.get().sku == cup
    with entry("test.setup", by=TESTER):
        Line.objects.filter(sku=cup).update(quantity=2)
    assert reserve_next(by=TESTER, now=NOW) == (0, 1)
    assert skip_lacking(by=TESTER, now=NOW) == 1
    assert Line.objects.get(order=order, sku=cup).is_cancelled
    assert reserve_next(by=TESTER, now=NOW) == (1, 0)


def test_the_packing_table_refuses_what_changed_meanwhile(order: Order) -> None:
    released(order)
    stop_changed(by=TESTER, now=NOW)
    reserve_next(by=TESTER, now=NOW)
    shipments = plan(Order.objects.numbered([order.pk]), by=TESTER)
    make_waves(draw_waybills(shipments, by=TESTER), by=TESTER)
    with entry("order.imported", by=TESTER, updated=1):
        Order.objects.filter(pk=order.pk).update(buyer_remark="换个地址")
    assert stop_changed(by=TESTER, now=NOW) == 1
    with pytest.raises(MustNotShip) as refused:
        pick(shipments, by=TESTER)
    assert order.number in refused.value.sentence
    assert Rule.objects.get(code="CHANGED").name in refused.value.sentence


def test_what_has_been_sent_stays_given(order: Order) -> None:
    released(order)
    reserve_next(by=TESTER, now=NOW)
    hand_over(packed(order), by=TESTER, now=NOW)
    with entry("test.setup", by=TESTER):
        Line.objects.filter(order=order, is_gift=False).update(price_fen=0, total_fen=0)
    assert not give([order.pk], by=TESTER, now=NOW)
    with entry("test.setup", by=TESTER):
        Line.objects.filter(order=order, is_gift=True).update(is_cancelled=True)
    assert not take_back(by=TESTER, now=NOW)
    assert (GiftLine.objects.get().taken_back_at, GiftRule.objects.get().given) == (None, 1)
