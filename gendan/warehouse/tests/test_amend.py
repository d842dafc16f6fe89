"""Amendments of orders whose goods are in parcels: recalled at once, put back by scan."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conftest import TESTER, OrderMaker
from gendan.catalog.models import Sku
from gendan.config.verify import verify as verify_house
from gendan.journal.writing import entry
from gendan.orders.actions.amend import NewAmendment, confirm, preview, request
from gendan.orders.amending.wanted import (
    Action,
    AddLine,
    AnotherPlace,
    DropLine,
    InvoiceTo,
    ReplaceSku,
    SetPrice,
    SetQuantity,
)
from gendan.orders.models import Amendment, Order
from gendan.orders.stages import Stage as OrderStage
from gendan.people.models import Person, Warehouse
from gendan.screening.models import Rule
from gendan.screening.rules import install_rules
from gendan.stock.actions import Goods, receive
from gendan.stock.models import Reservation
from gendan.ui.errors import Refused
from gendan.warehouse.actions.pack import pack
from gendan.warehouse.actions.plan import plan
from gendan.warehouse.actions.put_back import NotBack, end_recall, put_back_pieces, start_again
from gendan.warehouse.actions.verify import TooMany, WrongPiece, verify
from gendan.warehouse.models import Paper, PrintJob, PrintPage, Shipment
from gendan.warehouse.move import WrongStage
from gendan.warehouse.queries.ready import ready_to_plan
from gendan.warehouse.stages import Stage
from gendan.warehouse.tests.conftest import ShipmentMaker
from gendan.worklist.models import Item, Kind

PLACE = "浙江省杭州市西湖区北山街道示例路8号3幢502室"
INSIDE = [Stage.PLANNED, Stage.RELEASED, Stage.PICKED, Stage.PACKED]


def differences() -> list[str]:
    """Return what does not add up, besides the payments that these orders never had."""
    return [str(found) for found in verify_house() if found.what != "paid (fen)"]


def amend(order: Order, *wanted: Action, by: Person) -> Amendment:
    asked = request([NewAmendment(order.pk, wanted)], by=TESTER, now=timezone.now())
    return confirm(asked, by=by, now=timezone.now()).get()


def kinds(done: Amendment) -> list[str]:
    return [one["kind"] for one in done.consequences]


def stock(sku: Sku, quantity: int, warehouse: Warehouse) -> None:
    receive([Goods(sku.pk, quantity)], warehouse, by=TESTER)


def printed(shipment: Shipment, *papers: str) -> None:
    with entry("test.setup", by=TESTER):
        job = PrintJob.objects.create()
        for number, paper in enumerate(papers, 1):
            PrintPage.objects.create(job=job, page=number, paper=paper, shipment=shipment)


@pytest.mark.parametrize("stage", INSIDE)
def test_other_goods_take_the_parcel_back_wherever_it_is(
    make_shipments: ShipmentMaker, li: Person, bag: Sku, hangzhou: Warehouse, stage: Stage
) -> None:
    shipment = make_shipments(1, stage=stage).get()
    stock(bag, 5, hangzhou)
    order = Order.objects.get()

    done = amend(order, ReplaceSku(line=1, sku="BAG-01"), by=li)

    shipment.refresh_from_db()
    order.refresh_from_db()
    assert (shipment.stage, order.stage) == (Stage.RECALLED, OrderStage.ALLOCATED)
    assert ("REPLANNED" if stage == Stage.PLANNED else "RECALLED") in kinds(done)
    promised = Reservation.objects.get()
    assert (promised.sku, promised.quantity) == (bag, 2)
    waits = Item.objects.open().filter(kind=Kind.RECALLED).count()
    assert waits == (stage in (Stage.PICKED, Stage.PACKED))
    assert differences() == []


def test_it_is_planned_anew_with_what_it_says_now(
    make_shipments: ShipmentMaker, li: Person, bag: Sku, hangzhou: Warehouse
) -> None:
    make_shipments(1)
    stock(bag, 5, hangzhou)
    amend(Order.objects.get(), AddLine(sku="BAG-01"), DropLine(line=1), by=li)

    assert ready_to_plan().count() == 1
    fresh = plan(ready_to_plan(), by=TESTER).get()

    assert [(line.sku, line.quantity) for line in fresh.lines.all()] == [(bag, 1)]
    assert differences() == []


def test_what_is_missing_leaves_the_order_short_and_frees_the_rest(
    make_shipments: ShipmentMaker, li: Person
) -> None:
    make_shipments(1)
    order = Order.objects.get()
    install_rules(by=TESTER)
    with entry("test.setup", by=TESTER):
        Rule.objects.filter(code="NO_STOCK").update(is_on=False)

    done = amend(order, SetQuantity(line=1, quantity=9), by=li)

    order.refresh_from_db()
    assert order.stage == OrderStage.SHORT
    assert {"GIVEN_BACK", "LACKING"} <= set(kinds(done))
    assert not Reservation.objects.exists()
    assert differences() == []


def test_a_price_touches_no_reservation_and_no_parcel(
    make_shipments: ShipmentMaker, zhao: Person
) -> None:
    shipment = make_shipments(1, stage=Stage.PICKED).get()
    before = list(Reservation.objects.values_list("pk", "quantity"))

    done = amend(Order.objects.get(), SetPrice(line=1, price_fen=12000), by=zhao)

    shipment.refresh_from_db()
    assert list(Reservation.objects.values_list("pk", "quantity")) == before
    assert (shipment.stage, Order.objects.get().stage) == (Stage.PICKED, "ALLOCATED")
    assert kinds(done) == ["REFUND", "TELL_PLATFORM"]


def test_a_printed_price_takes_the_parcel_back_and_keeps_its_goods(
    make_shipments: ShipmentMaker, zhao: Person
) -> None:
    shipment = make_shipments(1, stage=Stage.PICKED).get()
    printed(shipment, Paper.NOTE)

    done = amend(Order.objects.get(), SetPrice(line=1, price_fen=12000), by=zhao)

    shipment.refresh_from_db()
    assert (shipment.stage, Order.objects.get().stage) == (Stage.RECALLED, "ALLOCATED")
    assert Reservation.objects.get().quantity == 2
    assert {"kind": "PAPERS", "facts": {"parcel": shipment.number, "papers": {"NOTE": 1}}} in (
        done.consequences
    )


def test_the_courier_is_told_the_new_amount(make_shipments: ShipmentMaker, zhao: Person) -> None:
    shipment = make_shipments(1, is_cod=True, paid_fen=0, paid_at=None).get()
    assert shipment.cod_fen == 25600

    done = amend(Order.objects.get(), SetPrice(line=1, price_fen=12000), by=zhao)

    shipment.refresh_from_db()
    assert (shipment.stage, shipment.cod_fen) == (Stage.PLANNED, 24000)
    assert {"COD", "AMOUNT"} <= set(kinds(done))


def test_an_invoice_leaves_the_parcel_alone(make_shipments: ShipmentMaker, li: Person) -> None:
    shipment = make_shipments(1, stage=Stage.PACKED).get()
    done = amend(Order.objects.get(), InvoiceTo(title="山茶记"), by=li)
    shipment.refresh_from_db()
    assert (shipment.stage, kinds(done)) == (Stage.PACKED, ["TELL_PLATFORM"])


def test_who_travelled_along_is_planned_anew(make_shipments: ShipmentMaker, li: Person) -> None:
    same = {"place_key": "same", "buyer": "lin", "address": "示例路1号"}
    shipment = make_shipments(2, stage=Stage.RELEASED, **same).get()
    first, second = Order.objects.order_by("pk")

    done = amend(first, AnotherPlace(text=PLACE), by=li)

    shipment.refresh_from_db()
    assert shipment.stage == Stage.RECALLED
    assert {"kind": "ALONG", "facts": {"order": second.number}} in done.consequences
    assert plan(ready_to_plan(), by=TESTER).count() == 2
    assert differences() == []


def test_one_order_leaves_a_planned_parcel_to_the_others(
    make_shipments: ShipmentMaker, li: Person
) -> None:
    same = {"place_key": "same", "buyer": "lin", "address": "示例路1号"}
    shipment = make_shipments(2, **same).get()
    first, second = Order.objects.order_by("pk")

    amend(first, AnotherPlace(text=PLACE), by=li)

    shipment.refresh_from_db()
    assert (shipment.stage, shipment.pieces) == (Stage.PLANNED, 2)
    assert [line.order for line in shipment.lines.all()] == [second]
    assert differences() == []


def test_a_preview_is_the_act_undone(
    make_shipments: ShipmentMaker, li: Person, bag: Sku, hangzhou: Warehouse
) -> None:
    shipment = make_shipments(1, stage=Stage.PACKED).get()
    stock(bag, 5, hangzhou)
    asked = request(
        [NewAmendment(Order.objects.get().pk, [ReplaceSku(line=1, sku="BAG-01")])],
        by=TESTER,
        now=timezone.now(),
    )

    shown = preview(asked, by=li, now=timezone.now())[asked.get().pk]

    shipment.refresh_from_db()
    assert shipment.stage == Stage.PACKED
    done = confirm(asked, by=li, now=timezone.now(), seen={asked.get().pk: shown.digest}).get()
    assert done.consequences == [one.written() for one in shown.consequences]


def test_a_recalled_parcel_takes_no_scan(make_shipments: ShipmentMaker, li: Person) -> None:
    shipment = make_shipments(1, stage=Stage.PICKED).get()
    amend(Order.objects.get(), SetQuantity(line=1, quantity=1), by=li)
    for act in (
        lambda: verify(shipment, ["TEA-01"], by=TESTER),
        lambda: pack(Shipment.objects.filter(pk=shipment.pk), by=TESTER),
    ):
        with pytest.raises(WrongStage):
            act()


def test_goods_are_put_back_by_scan_before_the_order_is_planned_anew(
    make_shipments: ShipmentMaker, li: Person, chen: Person
) -> None:
    shipment = make_shipments(1, stage=Stage.PICKED).get()
    printed(shipment, Paper.NOTE, Paper.WAYBILL)
    amend(Order.objects.get(), SetQuantity(line=1, quantity=1), by=li)
    chosen, now = Shipment.objects.filter(pk=shipment.pk), timezone.now()
    assert not ready_to_plan().exists()

    put_back_pieces(shipment, ["TEA-01"], by=chen)
    with pytest.raises(NotBack):
        end_recall(chosen, by=chen, now=now, papers_destroyed=True)
    put_back_pieces(shipment, ["tea-01"], by=chen)
    with pytest.raises(NotBack):
        end_recall(chosen, by=chen, now=now, papers_destroyed=False)
    end_recall(chosen, by=chen, now=now, papers_destroyed=True)

    assert not Item.objects.open().filter(kind=Kind.RECALLED).exists()
    assert ready_to_plan().exists()


def test_what_does_not_belong_there_is_not_put_back(
    make_shipments: ShipmentMaker, li: Person, chen: Person, bag: Sku
) -> None:
    shipment = make_shipments(1, stage=Stage.PICKED).get()
    amend(Order.objects.get(), SetQuantity(line=1, quantity=1), by=li)
    with pytest.raises(WrongPiece):
        put_back_pieces(shipment, ["BAG-01"], by=chen)
    put_back_pieces(shipment, ["TEA-01", "TEA-01"], by=chen)
    with pytest.raises(TooMany):
        put_back_pieces(shipment, ["TEA-01"], by=chen)
    start_again(Shipment.objects.filter(pk=shipment.pk), by=chen)
    put_back_pieces(shipment, ["TEA-01"], by=chen)


def test_a_released_parcel_waits_for_its_papers_alone(
    make_shipments: ShipmentMaker, li: Person, chen: Person
) -> None:
    shipment = make_shipments(1, stage=Stage.RELEASED).get()
    printed(shipment, Paper.WAYBILL)
    amend(Order.objects.get(), SetQuantity(line=1, quantity=1), by=li)
    assert Item.objects.open().filter(kind=Kind.RECALLED).exists()
    chosen = Shipment.objects.filter(pk=shipment.pk)
    end_recall(chosen, by=chen, now=timezone.now(), papers_destroyed=True)


def test_what_is_not_recalled_is_not_put_back(make_shipments: ShipmentMaker, chen: Person) -> None:
    shipment = make_shipments(1, stage=Stage.PICKED).get()
    with pytest.raises(Refused):
        put_back_pieces(shipment, ["TEA-01"], by=chen)


def test_one_and_thirty_take_the_same_statements(
    make_shipments: ShipmentMaker, make_orders: OrderMaker, li: Person
) -> None:
    counts = []
    for number in (1, 1, 30):
        begin = Order.objects.count()
        make_shipments(number, stage=Stage.PICKED)
        fresh = Order.objects.order_by("pk")[begin:]
        with CaptureQueriesContext(connection) as found:
            news = [NewAmendment(o.pk, [SetQuantity(line=1, quantity=1)]) for o in fresh]
            confirm(request(news, by=li, now=timezone.now()), by=li, now=timezone.now())
        counts.append(len(found))
    assert counts[1] == counts[2]
