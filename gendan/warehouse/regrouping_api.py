"""Combining and splitting over the API: tried first, done, undone."""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import ngettext
from ninja import Field, Router, Schema

from gendan.journal.writing import entry
from gendan.orders.models import Order
from gendan.people.api import all_of, key_of, needs
from gendan.people.models import Warehouse
from gendan.ui.errors import Refused
from gendan.warehouse.actions.combine import send_together
from gendan.warehouse.actions.regroup import undo
from gendan.warehouse.actions.save_combine_rules import save_combine_rules
from gendan.warehouse.actions.split import split
from gendan.warehouse.actions.split_by_stock import send_all_together, split_by_stock
from gendan.warehouse.models import Regrouping, Shipment, ShipmentQuerySet
from gendan.warehouse.models.regrouping import LONGEST_WAIT
from gendan.warehouse.queries.company import combine_rules
from gendan.warehouse.queries.foreseen import Foreseen, ParcelSeen, foresee, parcels_seen
from gendan.warehouse.queries.splitting import DEFAULT_LIMIT_G, Way, parts_by

router = Router(tags=["shipments"])


class CombineIn(Schema):
    orders: list[str] = Field([], max_length=200, description="Those that have no parcel yet.")
    shipments: list[str] = Field([], max_length=200)
    why: str = Field("", max_length=200)
    preview: bool = Field(False, description="Only say what would come of it.")


class PieceIn(Schema):
    order: str
    sku: str
    quantity: int = Field(gt=0)


class PartIn(Schema):
    pieces: list[PieceIn] = Field(min_length=1)
    warehouse: str = Field("", description="Another house that it leaves from.")


class ByStockIn(Schema):
    orders: list[str] = Field(min_length=1, max_length=200, description="Short ones.")
    why: str = Field("", max_length=200)
    preview: bool = False


class TogetherIn(Schema):
    orders: list[str] = Field(min_length=1, max_length=200)
    why: str = Field("", max_length=200)


class SplitIn(Schema):
    shipment: str
    by: str = Field("", description=f"A way, instead of parts: {', '.join(Way.values)}.")
    limit_g: int = Field(DEFAULT_LIMIT_G, ge=200, le=100_000)
    parts: list[PartIn] = Field([], description="The further parcels; the first keeps the rest.")
    why: str = Field("", max_length=200)
    preview: bool = False


class RulesIO(Schema):
    """When orders of one buyer to one place go together by themselves; null: no limit."""

    is_on: bool
    within_days: int | None = Field(None, ge=0, le=365)
    most_fen: int | None = Field(None, ge=0)
    most_g: int | None = Field(None, ge=0, le=2_147_483_647)
    wait_minutes: int = Field(10, ge=0, le=LONGEST_WAIT)
    promise_hours: int = Field(4, ge=0, le=32_767)


class RulesIn(RulesIO):
    why: str = Field("", max_length=200)


class UndoIn(Schema):
    why: str = Field("", max_length=200)


class LineOut(Schema):
    order: str
    sku: str
    quantity: int


class ParcelOut(Schema):
    number: str
    is_new: bool
    pieces: int
    expected_g: int
    warehouse: str
    lines: list[LineOut]


class RestOut(Schema):
    order: str
    sku: str
    quantity: int


class RegroupedOut(Schema):
    """`warnings`: what a platform can't be told. A refused preview has a sentence, no parcels."""

    refused: str = ""
    parcels: list[ParcelOut] = []
    waybills_given_up: list[str] = []
    waits: list[RestOut] = Field([], description="What of the orders follows when it comes.")
    warnings: list[str] = []


class RegroupingOut(Schema):
    id: int
    kind: str
    at: datetime
    why: str
    undone_at: datetime | None
    parcels: list[str]


@router.post("/combine", response=RegroupedOut, summary="Make one parcel of several")
@needs("warehouse.combine")
def combine_parcels(request: HttpRequest, asked: CombineIn) -> Any:
    key = key_of(request)
    orders = all_of(Order.objects.visible_to(key), "number", asked.orders)
    shipments = all_of(Shipment.objects.visible_to(key), "number", asked.shipments)

    def act() -> ShipmentQuerySet:
        with entry("order.combined", by=key, why=asked.why, count=len(asked.orders)):
            return send_together(orders, shipments, by=key, now=timezone.now(), why=asked.why)

    return _done(act, list(shipments.values_list("pk", flat=True)), asked.preview)


@router.post("/split", response=RegroupedOut, summary="Make several parcels of one")
@needs("warehouse.combine")
def split_parcel(request: HttpRequest, asked: SplitIn) -> Any:
    """Either `by` a way, or with the `parts` that go apart."""
    key = key_of(request)
    shipment = get_object_or_404(Shipment.objects.visible_to(key), number=asked.shipment)
    chosen = Shipment.objects.filter(pk=shipment.pk)
    if asked.by in Way.values:
        parts = parts_by(asked.by, chosen, limit_g=asked.limit_g).get(shipment.pk, [])
    else:
        parts = _parts(shipment, asked.parts)
    codes = {part.warehouse for part in asked.parts if part.warehouse}
    houses = dict(
        all_of(Warehouse.objects.filter(is_active=True), "code", sorted(codes)).values_list(
            "code", "pk"
        )
    )
    elsewhere = {
        (shipment.pk, place): houses[part.warehouse]
        for place, part in enumerate(asked.parts, 1)
        if part.warehouse and not asked.by
    }
    return _done(
        lambda: split(
            {shipment.pk: parts}, by=key, now=timezone.now(), why=asked.why, houses=elsewhere
        ),
        [shipment.pk],
        asked.preview,
    )


@router.post("/by-stock", response=RegroupedOut, summary="Send what is there of short orders")
@needs("warehouse.combine")
def split_orders_by_stock(request: HttpRequest, asked: ByStockIn) -> Any:
    """The rest waits, and follows when it comes."""
    key = key_of(request)
    orders = all_of(Order.objects.visible_to(key), "number", asked.orders)
    return _done(
        lambda: split_by_stock(orders, by=key, now=timezone.now(), why=asked.why),
        [],
        asked.preview,
    )


@router.post("/together", response=dict[str, int], summary="Undo it: wait until all is there")
@needs("warehouse.combine")
def send_orders_together(request: HttpRequest, asked: TogetherIn) -> Any:
    key = key_of(request)
    orders = all_of(Order.objects.visible_to(key), "number", asked.orders)
    chosen = send_all_together(orders, by=key, now=timezone.now(), why=asked.why)
    return {"waiting": chosen.count()}


@router.get("", response=list[RegroupingOut], summary="What was combined and split lately")
@needs("warehouse.see")
def list_regroupings(request: HttpRequest) -> Any:
    found = Regrouping.objects.visible_to(key_of(request)).order_by("-pk")[:200]
    return [
        {
            **{name: getattr(one, name) for name in ("id", "kind", "at", "why", "undone_at")},
            "parcels": [parcel.shipment.number for parcel in one.parcels.all()],
        }
        for one in found.prefetch_related("parcels__shipment")
    ]


@router.get("/rules", response=RulesIO, summary="When orders go together by themselves")
@needs("warehouse.see")
def rules(request: HttpRequest) -> Any:
    return combine_rules()


@router.put("/rules", response=RulesIO, summary="Say when orders go together by themselves")
@needs("warehouse.manage")
def set_rules(request: HttpRequest, said: RulesIn) -> Any:
    found = combine_rules()
    for name, value in said.model_dump(exclude={"why"}).items():
        setattr(found, name, value)
    return save_combine_rules(found, by=key_of(request), why=said.why)


@router.post("/{regrouping}/undo", response=dict[str, int], summary="Put everything back")
@needs("warehouse.combine")
def undo_regrouping(request: HttpRequest, regrouping: int, asked: UndoIn) -> Any:
    key = key_of(request)
    found = get_object_or_404(Regrouping.objects.visible_to(key), pk=regrouping)
    chosen = Regrouping.objects.filter(pk=found.pk)
    return {"undone": undo(chosen, by=key, now=timezone.now(), why=asked.why)}


def _done(
    act: Callable[[], ShipmentQuerySet], sources: list[int], is_preview: bool
) -> dict[str, Any]:
    """Try it or do it. What becomes invalid and can't be told is said in both cases."""
    foreseen = foresee(act, sources)
    if is_preview:
        return _told(foreseen, foreseen.parcels)
    if foreseen.refused:
        raise Refused(foreseen.refused)
    return _told(foreseen, parcels_seen(sorted(act().values_list("pk", flat=True))))


def _parts(shipment: Shipment, wanted: list[PartIn]) -> list[dict[int, int]]:
    """Return the pieces by order line: the rest, then the parts that go apart.

    :raises Refused: if a part has more of something than the shipment holds
    """
    lines = list(shipment.lines.select_related("order", "sku").order_by("pk"))
    rest = {line.line_id: line.quantity for line in lines}
    apart: list[dict[int, int]] = []
    for part in wanted:
        taken: dict[int, int] = defaultdict(int)
        for piece in part.pieces:
            left = piece.quantity
            for line in lines:
                if (line.order.number, line.sku.code) == (piece.order, piece.sku):
                    number = min(left, rest[line.line_id])
                    rest[line.line_id] -= number
                    taken[line.line_id] += number
                    left -= number
            if left:
                raise Refused(
                    ngettext(
                        "The shipment holds %(n)s piece of %(sku)s of order %(order)s too few.",
                        "The shipment holds %(n)s pieces of %(sku)s of order %(order)s too few.",
                        left,
                    )
                    % {"n": left, "sku": piece.sku, "order": piece.order}
                )
        apart.append(dict(taken))
    return [rest, *apart]


def _told(foreseen: Foreseen, parcels: Any) -> dict[str, Any]:
    return {
        "refused": foreseen.refused,
        "parcels": [_parcel(parcel) for parcel in parcels],
        "waybills_given_up": foreseen.waybills,
        "waits": [
            {"order": rest.order.number, "sku": rest.sku.code, "quantity": rest.quantity}
            for rest in foreseen.rests
        ],
        "warnings": foreseen.warnings,
    }


def _parcel(parcel: ParcelSeen) -> dict[str, Any]:
    return {
        "number": parcel.name,
        "is_new": parcel.is_new,
        "pieces": parcel.shipment.pieces,
        "expected_g": parcel.shipment.expected_g,
        "warehouse": parcel.shipment.warehouse.code,
        "lines": [
            {"order": line.order.number, "sku": line.sku.code, "quantity": line.quantity}
            for line in parcel.lines
        ],
    }
