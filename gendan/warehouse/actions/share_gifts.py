"""Lets orders that share parcels have the gifts that they earn together, and no longer."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.actions.give_together import give_together
from gendan.orders.gift_lines import Piece
from gendan.orders.gifts_together import Company, counts_together
from gendan.orders.models import Order
from gendan.stock.models import Movement, Reservation
from gendan.stock.needs import free, safety
from gendan.stock.writing import Change, write
from gendan.warehouse.actions.recall import recall
from gendan.warehouse.contents import add_up
from gendan.warehouse.models import Shipment, ShipmentLine
from gendan.warehouse.queries.sharing import Held, companies, held_together
from gendan.warehouse.stages import Stage


def share_gifts(orders: Collection[int], *, by: Actor, now: datetime, why: str = "") -> None:
    """Bring the gifts of orders (by id) to what they earn with whom they share parcels now.

    A part of the acts that put orders together or part them; they have locked the parcels.
    """
    if not counts_together(orders):
        return
    held = held_together(orders)
    outcome = give_together(
        _at_hand(companies(orders, held)),
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


def _at_hand(found: Sequence[Company]) -> list[Company]:
    """Lock the orders that may get something; whoever is being changed now is left alone.

    Their parcels are locked already, so nobody is waited for here.
    """
    open_now = {order for company in found for order in company.houses if len(company.orders) > 1}
    chosen = Order.objects.numbered(open_now).order_by("pk")
    free_now = set(
        chosen.select_for_update(no_key=True, skip_locked=True).values_list("pk", flat=True)
    )
    return [
        company._replace(houses={pk: at for pk, at in company.houses.items() if pk in free_now})
        for company in found
    ]


def _shelf(skus: Sequence[int]) -> Mapping[tuple[int, int], int]:
    """Lock what lies of SKUs, once and in order; what shops keep as safety stock is no gift."""
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
