"""Shipments and waves over the API."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Router, Schema

from gendan.orders.api import Chosen
from gendan.orders.models import Order
from gendan.people.api import all_of, key_of, needs
from gendan.ui.api import Page, page
from gendan.ui.api.paging import Asked
from gendan.warehouse.actions.carry import refuse
from gendan.warehouse.actions.pack import pack
from gendan.warehouse.actions.pick import pick
from gendan.warehouse.actions.plan import plan
from gendan.warehouse.actions.prepack import send_by_label
from gendan.warehouse.actions.recall import recall
from gendan.warehouse.actions.release import release
from gendan.warehouse.actions.verify import verify_whole
from gendan.warehouse.lists import SHIPMENTS
from gendan.warehouse.models import Shipment, ShipmentQuerySet

router = Router(tags=["shipments"])


class ShipmentOut(Schema):
    number: str
    stage: str
    stage_since: datetime
    shop: str
    warehouse: str
    carrier: str | None
    waybill: str
    pieces: int
    expected_g: int
    weight_g: int | None
    hides_prices: bool
    cod_fen: int
    promise_at: datetime | None
    packed_at: datetime | None
    shipped_at: datetime | None
    delivered_at: datetime | None


class PieceOut(Schema):
    order: str
    sku: str
    quantity: int
    verified: int


class ShipmentInFull(ShipmentOut):
    lines: list[PieceOut]


class ShipmentBrief(Schema):
    number: str
    stage: str


class Weighed(Schema):
    number: str
    weight_g: int = Field(gt=0)


class PackIn(Chosen):
    weights: list[Weighed] = []
    weight_why: str = ""


class WaveOut(Schema):
    number: str
    kind: str


@router.get("", response=Page[ShipmentOut], summary="Find shipments")
@needs("warehouse.see")
def list_shipments(request: HttpRequest, asked: Asked) -> Any:
    return page(_seen(request), asked, SHIPMENTS.finder, told)


@router.post("/plan", response=list[ShipmentBrief], summary="Make shipments of allocated orders")
@needs("warehouse.wave")
def plan_orders(request: HttpRequest, chosen: Chosen) -> Any:
    """`numbers` are those of orders."""
    key = key_of(request)
    orders = all_of(Order.objects.visible_to(key), "number", chosen.numbers)
    return plan(orders, by=key, why=chosen.why)


@router.post("/wave", response=list[WaveOut], summary="Put planned shipments into waves")
@needs("warehouse.wave")
def wave(request: HttpRequest, chosen: Chosen) -> Any:
    return release(_chosen(request, chosen), by=key_of(request), why=chosen.why)


@router.post("/pick", response=list[ShipmentBrief], summary="The goods have been fetched")
@needs("warehouse.pack")
def pick_shipments(request: HttpRequest, chosen: Chosen) -> Any:
    return pick(_chosen(request, chosen), by=key_of(request), why=chosen.why)


@router.post("/verify", response=list[ShipmentBrief], summary="Every piece has been checked")
@needs("warehouse.pack")
def verify(request: HttpRequest, chosen: Chosen) -> Any:
    return verify_whole(_chosen(request, chosen), by=key_of(request), why=chosen.why)


@router.post("/pack", response=list[ShipmentBrief], summary="Close verified parcels")
@needs("warehouse.pack")
def pack_shipments(request: HttpRequest, packed: PackIn) -> Any:
    shipments = _chosen(request, packed)
    grams = {one.number: one.weight_g for one in packed.weights}
    weights = {
        pk: grams[number] for pk, number in shipments.values_list("pk", "number") if number in grams
    }
    return pack(
        shipments,
        by=key_of(request),
        weights=weights,
        weight_why=packed.weight_why,
        why=packed.why,
    )


@router.post("/label", response=list[ShipmentBrief], summary="Close pre-packed parcels")
@needs("warehouse.pack")
def label(request: HttpRequest, chosen: Chosen) -> Any:
    """A box with just their goods was packed before; 422 where none is left."""
    return send_by_label(_chosen(request, chosen), by=key_of(request), why=chosen.why)


@router.post("/refused", response=list[ShipmentBrief], summary="The carrier did not take them")
@needs("warehouse.wave")
def refused(request: HttpRequest, chosen: Chosen) -> Any:
    """The next choice of each takes it; `why` is required."""
    shipments = _chosen(request, chosen)
    return refuse(shipments, by=key_of(request), now=timezone.now(), why=chosen.why)


@router.post("/recall", response=list[ShipmentBrief], summary="Take shipments back")
@needs("warehouse.recall")
def recall_shipments(request: HttpRequest, chosen: Chosen) -> Any:
    shipments = _chosen(request, chosen)
    return recall(shipments, by=key_of(request), now=timezone.now(), why=chosen.why)


@router.get("/{number}", response=ShipmentInFull, summary="One shipment and what is in it")
@needs("warehouse.see")
def get_shipment(request: HttpRequest, number: str) -> Any:
    shipment = get_object_or_404(_seen(request), number=number)
    lines = shipment.lines.select_related("order", "sku").order_by("pk")
    pieces = [
        {
            "order": line.order.number,
            "sku": line.sku.code,
            "quantity": line.quantity,
            "verified": line.verified,
        }
        for line in lines
    ]
    return {**told(shipment), "lines": pieces}


def _seen(request: HttpRequest) -> ShipmentQuerySet:
    shipments = Shipment.objects.visible_to(key_of(request))
    return shipments.select_related("shop", "warehouse", "carrier")


def _chosen(request: HttpRequest, chosen: Chosen) -> ShipmentQuerySet:
    seen = Shipment.objects.visible_to(key_of(request))
    found: ShipmentQuerySet = all_of(seen, "number", chosen.numbers)
    return found


def told(shipment: Shipment) -> dict[str, Any]:
    """Return what the API tells of a shipment."""
    return {
        **{name: getattr(shipment, name) for name in ShipmentOut.model_fields},
        "shop": shipment.shop.code,
        "warehouse": shipment.warehouse.code,
        "carrier": shipment.carrier.code if shipment.carrier else None,
    }
