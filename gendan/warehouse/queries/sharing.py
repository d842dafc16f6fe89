"""Which orders share parcels, and into which of them something can still be put."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from django.db import connection

from gendan.orders.gifts_together import Company, crowds
from gendan.warehouse.queries.ready import IN_THE_HOUSE

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


def held_together(orders: Collection[int]) -> list[Held]:
    """Return what is in the parcels of orders (by id), and of all with whom they share any."""
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


def companies(orders: Iterable[int], held: Sequence[Held]) -> list[Company]:
    """Return who goes with whom, over however many parcels; each alone whose parcel is none."""
    parcels: dict[int, set[int]] = defaultdict(set)
    houses: dict[int, int] = {}
    for one in held:
        parcels[one.shipment_id].add(one.order_id)
        if one.is_open:
            houses.setdefault(one.order_id, one.warehouse_id)
    return [
        Company(crowd, {order: houses[order] for order in crowd if order in houses})
        for crowd in crowds(orders, parcels.values())
    ]
