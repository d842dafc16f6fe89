"""Lets orders that share parcels have the gifts that they earn together, and no longer."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection
from django.utils.translation import gettext as _

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.actions.give_together import give_together
from gendan.orders.gift_lines import Piece
from gendan.orders.gifts_together import Company, counts_together
from gendan.stock.models import Movement, Reservation
from gendan.stock.needs import free, safety
from gendan.stock.writing import Change, write
from gendan.warehouse.actions.recall import recall
from gendan.warehouse.contents import add_up
from gendan.warehouse.models import Shipment, ShipmentLine
from gendan.warehouse.queries.ready import IN_THE_HOUSE
from gendan.warehouse.stages import Stage

HELD = """
SELECT sl.shipment_id, s.warehouse_id, s.stage = 'PLANNED', sl.order_id, sl.line_id
FROM warehouse_shipmentline sl JOIN warehouse_shipment s ON s.id = sl.shipment_id
WHERE s.stage = ANY(%(inside)s) AND sl.shipment_id IN (
  SELECT shipment_id FROM warehouse_shipmentline WHERE order_id = ANY(%(orders)s))
ORDER BY sl.shipment_id, sl.line_id
"""


class Held(NamedTuple):
    """A line in a parcel; the parcel is open while it is only planned."""

    shipment_id: int
    warehouse_id: int
    is_open: bool
    order_id: int
    line_id: int


def share_gifts(orders: Collection[int], *, by: Actor, now: datetime, why: str = "") -> None:
    """Bring the gifts of orders (by id) to what they earn with whom they share parcels now.

    A part of the acts that put orders together or part them; they have locked the parcels.
    """
    if not counts_together(orders):
        return
    held = _held(orders)
    outcome = give_together(
        _companies(orders, held),
        shelf=_shelf,
        settled={one.line_id for one in held if not one.is_open},
        by=by,
        now=now,
        why=why,
    )
    touched = _take_out(outcome.gone, by=by) | _put_in(outcome.fresh, held, by=by)
    if touched:
        add_up(sorted(touched))
        _recall_empty(touched, by=by, now=now)


def _held(orders: Collection[int]) -> list[Held]:
    """Return what is in the parcels of orders, and of all with whom they share any."""
    known: set[int] = set()
    found = set(orders)
    rows: list[Held] = []
    while found - known:
        known |= found
        with connection.cursor() as cursor:
            cursor.execute(HELD, {"orders": sorted(known), "inside": list(IN_THE_HOUSE)})
            rows = [Held(*row) for row in cursor.fetchall()]
        found = {row.order_id for row in rows}
    return rows


def _companies(orders: Iterable[int], held: Sequence[Held]) -> list[Company]:
    """Return who goes with whom, over however many parcels; each alone whose parcel is none."""
    crowds: dict[int, frozenset[int]] = {order: frozenset([order]) for order in orders}
    parcels: dict[int, set[int]] = defaultdict(set)
    houses: dict[int, int] = {}
    for one in held:
        parcels[one.shipment_id].add(one.order_id)
        if one.is_open:
            houses.setdefault(one.order_id, one.warehouse_id)
    for together in parcels.values():
        crowd = frozenset().union(*(crowds.get(order, {order}) for order in together))
        crowds.update(dict.fromkeys(crowd, crowd))
    return [
        Company(crowd, {order: houses[order] for order in crowd if order in houses})
        for crowd in sorted(set(crowds.values()), key=min)
    ]


def _shelf(skus: Sequence[int]) -> Mapping[tuple[int, int], int]:
    """Lock what lies of SKUs; what is kept for the shops with safety stock is no gift."""
    kept = safety(skus)
    return {(sku, at): number - kept.get(sku, 0) for (sku, at), number in free(skus).items()}


def _take_out(lines: Sequence[int], *, by: Actor) -> set[int]:
    """Free what is set aside for lines, and take it out of the parcels; return those."""
    if not lines:
        return set()
    promised = Reservation.objects.filter(line__in=lines).order_by("sku", "warehouse", "line")
    rows = promised.values_list("sku", "warehouse", "quantity", "line")
    with entry("stock.released", by=by, why=_("no longer earned")) as opened:
        back = [Change(sku, place, 0, -number, line) for sku, place, number, line in rows]
        write(back, Movement.RELEASED, entry=opened)
    inside = ShipmentLine.objects.filter(line__in=lines, shipment__stage=Stage.PLANNED)
    parcels = set(inside.values_list("shipment", flat=True))
    inside.delete()
    return parcels


def _put_in(pieces: Sequence[Piece], held: Sequence[Held], *, by: Actor) -> set[int]:
    """Set pieces aside and put them into a parcel of their order; return the parcels."""
    if not pieces:
        return set()
    parcels: dict[int, Held] = {}
    for one in held:
        if one.is_open:
            parcels.setdefault(one.order_id, one)
    with entry("stock.reserved", by=by, why=_("a gift"), count=len(pieces)) as opened:
        aside = [
            Change(one.sku_id, parcels[one.order_id].warehouse_id, 0, one.quantity, one.line_id)
            for one in pieces
        ]
        write(sorted(aside), Movement.RESERVED, entry=opened)
    ShipmentLine.objects.bulk_create(
        ShipmentLine(
            shipment_id=parcels[one.order_id].shipment_id,
            order_id=one.order_id,
            line_id=one.line_id,
            sku_id=one.sku_id,
            quantity=one.quantity,
        )
        for one in pieces
    )
    return {parcels[one.order_id].shipment_id for one in pieces}


def _recall_empty(parcels: Collection[int], *, by: Actor, now: datetime) -> None:
    empty = list(Shipment.objects.numbered(parcels).filter(lines=None).values_list("pk", flat=True))
    if empty:
        why = _("Nothing is left in it.")
        recall(Shipment.objects.numbered(empty), by=by, now=now, why=why)
