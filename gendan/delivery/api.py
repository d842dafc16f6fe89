"""Waybills, shipping and traces over the API."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Router, Schema

from gendan.delivery.actions.hand_over import hand_over
from gendan.delivery.actions.waybills import draw_waybills, enter_waybills
from gendan.delivery.models import Trace
from gendan.orders.api import Chosen
from gendan.people.api import all_of, key_of, needs
from gendan.warehouse.api import ShipmentBrief
from gendan.warehouse.models import Shipment, ShipmentQuerySet

router = Router(tags=["delivery"])


class WaybillIn(Schema):
    number: str = Field(description="The shipment's number.")
    waybill: str


class WaybillsIn(Schema):
    waybills: list[WaybillIn] = Field(min_length=1, max_length=1_000)
    why: str = ""


class HandoverOut(Schema):
    number: str
    at: datetime


class TraceOut(Schema):
    at: datetime
    state: str
    text: str
    place: str


@router.post("/waybills", response=list[ShipmentBrief], summary="Enter waybill numbers")
@needs("delivery.ship")
def waybills(request: HttpRequest, entered: WaybillsIn) -> Any:
    numbers = {one.number: one.waybill for one in entered.waybills}
    shipments = _chosen(request, list(numbers))
    wanted = {pk: numbers[number] for pk, number in shipments.values_list("pk", "number")}
    return enter_waybills(wanted, by=key_of(request), why=entered.why)


@router.post("/draw-waybills", response=list[ShipmentBrief], summary="Draw numbers from the ranges")
@needs("delivery.ship")
def draw(request: HttpRequest, chosen: Chosen) -> Any:
    return draw_waybills(_chosen(request, chosen.numbers), by=key_of(request), why=chosen.why)


@router.post("/ship", response=list[HandoverOut], summary="Hand packed parcels to their carriers")
@needs("delivery.ship")
def ship(request: HttpRequest, chosen: Chosen) -> Any:
    shipments = _chosen(request, chosen.numbers)
    return hand_over(shipments, by=key_of(request), now=timezone.now(), why=chosen.why)


@router.get("/{number}/traces", response=list[TraceOut], summary="The way of a parcel")
@needs("delivery.see")
def traces(request: HttpRequest, number: str) -> Any:
    seen = Shipment.objects.visible_to(key_of(request))
    shipment = get_object_or_404(seen, number=number)
    return Trace.objects.filter(shipment=shipment).order_by("-at", "-pk")


def _chosen(request: HttpRequest, numbers: list[str]) -> ShipmentQuerySet:
    seen = Shipment.objects.visible_to(key_of(request))
    found: ShipmentQuerySet = all_of(seen, "number", numbers)
    return found
