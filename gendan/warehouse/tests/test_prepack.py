"""Pre-packed goods: a box takes the place of picking and checking, and is sent once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from conftest import TESTER
from gendan.catalog.models import Sku
from gendan.journal.models import Entry
from gendan.journal.writing import entry
from gendan.orders.models import Instruction, Order
from gendan.orders.models.surge import BigDay
from gendan.people.models import Person, Warehouse
from gendan.warehouse.actions.make_waves import make_waves
from gendan.warehouse.actions.prepack import NoBox, prepack, send_by_label, take_apart
from gendan.warehouse.models import Prepack, Shipment, Wave
from gendan.warehouse.move import WrongStage
from gendan.warehouse.queries.prepack import fitting
from gendan.warehouse.stages import Stage
from gendan.warehouse.tests.conftest import ShipmentMaker
from gendan.warehouse.tests.statements import statements


@pytest.fixture
def boxes(tea: Sku, hangzhou: Warehouse, chen: Person) -> Prepack:
    """Two boxes with two tins each."""
    return prepack(hangzhou, tea, pieces=2, boxes=2, by=chen)


def test_boxes_of_the_same_goods_are_added_up(
    boxes: Prepack, tea: Sku, hangzhou: Warehouse, chen: Person
) -> None:
    prepack(hangzhou, tea, pieces=2, boxes=3, by=chen)
    boxes.refresh_from_db()
    assert (boxes.boxes, boxes.left) == (5, 5)


def test_a_label_is_all_a_parcel_needs(
    make_shipments: ShipmentMaker, boxes: Prepack, chen: Person
) -> None:
    shipments = make_shipments(2, stage=Stage.RELEASED)
    send_by_label(shipments, by=chen, why="大促")
    boxes.refresh_from_db()
    assert {s.stage for s in Shipment.objects.all()} == {Stage.PACKED}
    assert (boxes.used, boxes.left) == (2, 0)
    said = Entry.objects.filter(verb="shipment.sent_by_label").get()
    assert (said.actor_name, said.why) == (chen.name, "大促")


def test_where_no_box_is_left_nothing_is_changed(
    make_shipments: ShipmentMaker, boxes: Prepack, chen: Person
) -> None:
    shipments = make_shipments(3, stage=Stage.RELEASED)
    with pytest.raises(NoBox):
        send_by_label(shipments, by=chen)
    boxes.refresh_from_db()
    assert boxes.used == 0
    assert {s.stage for s in Shipment.objects.all()} == {Stage.RELEASED}


def test_other_pieces_need_more_than_a_label(
    make_shipments: ShipmentMaker, boxes: Prepack, chen: Person
) -> None:
    single = make_shipments(1, quantity=1, stage=Stage.RELEASED)
    assert fitting([s.pk for s in single]) == {}
    with pytest.raises(NoBox):
        send_by_label(single, by=chen)


def test_a_special_wish_or_a_remark_needs_more_than_a_label(
    make_shipments: ShipmentMaker, boxes: Prepack
) -> None:
    wished, remarked, plain = make_shipments(3, stage=Stage.RELEASED).order_by("pk")
    with entry("test.setup", by=TESTER):
        Instruction.objects.create(order=wished.lines.get().order, code="GIFT_WRAP")
        Order.objects.filter(shipment_lines__shipment=remarked).update(warehouse_remark="放贺卡")
    assert fitting([wished.pk, remarked.pk, plain.pk]) == {plain.pk: boxes.pk}


def test_what_is_in_no_wave_is_refused(
    make_shipments: ShipmentMaker, boxes: Prepack, chen: Person
) -> None:
    with pytest.raises(WrongStage):
        send_by_label(make_shipments(1), by=chen)
    boxes.refresh_from_db()
    assert boxes.used == 0


def test_it_costs_the_same_for_many(
    make_shipments: ShipmentMaker, tea: Sku, hangzhou: Warehouse, chen: Person
) -> None:
    prepack(hangzhou, tea, pieces=2, boxes=100, by=chen)
    one = make_shipments(1, stage=Stage.RELEASED)
    few = statements(lambda: send_by_label(one, by=chen))
    many = make_shipments(40, stage=Stage.RELEASED)
    assert statements(lambda: send_by_label(many, by=chen)) == few


def test_boxes_that_nobody_bought_are_opened_but_never_more_than_are_left(
    boxes: Prepack, chen: Person
) -> None:
    assert take_apart(boxes, 1, by=chen, why="没卖完").left == 1
    with pytest.raises(NoBox):
        take_apart(boxes, 2, by=chen, why="没卖完")


def test_big_waves_take_pre_packed_goods_first(
    make_shipments: ShipmentMaker, boxes: Prepack, chen: Person
) -> None:
    make_shipments(1, quantity=3)
    make_shipments(3, quantity=1)
    make_shipments(2)
    day = BigDay(name="双11", wave_limit=100)
    assert make_waves(day, by=chen, now=timezone.now()) == 6
    sizes = [(wave.kind, wave.shipments.count()) for wave in Wave.objects.order_by("pk")]
    assert sizes == [("MULTI", 2), ("SINGLE", 3), ("MULTI", 1)]


def test_the_pages_show_boxes_and_send_one_by_a_scan(
    client: Client, make_shipments: ShipmentMaker, boxes: Prepack, chen: Person
) -> None:
    client.force_login(chen)
    shipment = make_shipments(1, stage=Stage.RELEASED).get()
    assert boxes.sku.title in client.get("/prepacks/").content.decode()
    assert client.get(f"/prepacks/{boxes.pk}/").status_code == 200
    assert client.get("/prepacks/labels/").status_code == 200
    client.post("/prepacks/labels/scan", {"code": shipment.number})
    shipment.refresh_from_db()
    assert shipment.stage == Stage.PACKED
    told = client.post("/prepacks/labels/scan", {"code": "NOTHING"}).content.decode()
    assert "NOTHING" in told


def test_boxes_are_noted_on_the_page(
    client: Client, tea: Sku, hangzhou: Warehouse, chen: Person, wang: Person
) -> None:
    said = {"warehouse": hangzhou.pk, "sku": tea.code, "pieces": 1, "boxes": 30}
    client.force_login(wang)
    assert client.post("/prepacks/new/", said).status_code == 403
    client.force_login(chen)
    assert client.post("/prepacks/new/", said | {"sku": "NO-SUCH"}).status_code == 422
    assert client.post("/prepacks/new/", said).status_code == 302
    assert Prepack.objects.get().left == 30
    client.post(f"/prepacks/{Prepack.objects.get().pk}/", {"boxes": "5", "why": "没卖完"})
    assert Prepack.objects.get().left == 25


@pytest.mark.django_db(transaction=True)
def test_the_last_box_goes_into_one_parcel_only(
    make_shipments: ShipmentMaker, tea: Sku, hangzhou: Warehouse, chen: Person
) -> None:
    prepack(hangzhou, tea, pieces=2, boxes=1, by=chen)
    shipments = [s.pk for s in make_shipments(6, stage=Stage.RELEASED)]
    start = Barrier(6)

    def send(pk: int) -> bool:
        start.wait()
        try:
            send_by_label(Shipment.objects.numbered([pk]), by=chen)
        except NoBox:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(send, shipments)) == [False] * 5 + [True]
    assert Shipment.objects.filter(stage=Stage.PACKED).count() == 1
    assert Prepack.objects.get().left == 0


def test_who_may_only_see_boxes_opens_none(client: Client, boxes: Prepack, wang: Person) -> None:
    client.force_login(wang)
    assert client.post(f"/prepacks/{boxes.pk}/", {"boxes": "1", "why": "没卖完"}).status_code == 403
    boxes.refresh_from_db()
    assert boxes.left == 2
