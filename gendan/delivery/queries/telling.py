"""Which waybill each platform order and sub-order gets, and which the platform can't take."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection

from gendan.delivery.models import PLATFORM_TAKES, WriteBack, WriteBackState
from gendan.people.models import Platform
from gendan.warehouse.models import ShipmentLine
from gendan.warehouse.queries.ready import IN_THE_HOUSE

# A platform order that is whole in one parcel is told as a whole, a split one by its sub-orders,
# where the platform takes them; a line named ~ was named by us, its platform knows no sub-orders.
# A part of a set goes by the name of the set; of a gift from the house (no name at all) the
# platform knows nothing. Where a platform takes one waybill, that of the parcel is told which
# leaves first. Orders and lines are looked up row by row (OFFSET keeps it so), since a join may
# read all the orders of the house.
JUDGED = """
pieces AS MATERIALIZED (
  SELECT sl.shipment_id, sl.order_id, o.shop_id, sl.quantity, n.sub_order,
    l.is_gift AND n.sub_order = '' AS is_unknown,
    coalesce((SELECT takes FROM delivery_shoplimit m WHERE m.shop_id = p.id),
      %(takes)s::jsonb ->> p.platform) AS takes
  FROM unnest(%(ids)s::bigint[]) AS chosen (id)
  CROSS JOIN LATERAL (
    SELECT * FROM warehouse_shipmentline WHERE shipment_id = chosen.id OFFSET 0) sl
  CROSS JOIN LATERAL (SELECT * FROM orders_line WHERE id = sl.line_id OFFSET 0) l
  CROSS JOIN LATERAL (SELECT CASE WHEN l.part_of_id IS NULL THEN l.sub_order
    ELSE (SELECT sub_order FROM orders_line WHERE id = l.part_of_id) END AS sub_order) n
  CROSS JOIN LATERAL (SELECT * FROM orders_order WHERE id = sl.order_id OFFSET 0) o
  JOIN people_shop p ON p.id = o.shop_id AND p.platform <> %(own)s
  WHERE o.platform_order <> ''
), parts AS MATERIALIZED (
  SELECT shipment_id, order_id, sum(quantity) = (
    SELECT sum(quantity) FROM orders_line l
    WHERE l.order_id = p.order_id AND NOT l.is_cancelled AND NOT l.is_set) AS is_whole
  FROM pieces p GROUP BY shipment_id, order_id
), named AS MATERIALIZED (
  SELECT shipment_id, order_id, shop_id, takes, is_whole, CASE
      WHEN is_whole OR takes = 'WHOLE' OR left(sub_order, 1) = '~' THEN ''
      ELSE sub_order END AS sub_order,
    sum(quantity)::int AS pieces
  FROM pieces JOIN parts USING (shipment_id, order_id)
  WHERE NOT is_unknown GROUP BY 1, 2, 3, 4, 5, 6
), turns AS MATERIALIZED (
  SELECT *, is_whole OR (takes = 'QUANTITY' AND sub_order <> '') AS is_free,
    row_number() OVER (PARTITION BY order_id, sub_order ORDER BY shipment_id) = 1 AS is_first
  FROM named
), judged AS (
  SELECT *, takes = 'QUANTITY' AND NOT is_whole AS is_counted, CASE
      WHEN is_free THEN true
      WHEN NOT is_first THEN false
      ELSE NOT EXISTS (
        SELECT FROM delivery_writeback b WHERE b.order_id = turns.order_id
          AND b.sub_order IN (turns.sub_order, '') AND b.shipment_id <> turns.shipment_id
          AND b.state <> 'IMPOSSIBLE')
    END AS is_taken
  FROM turns
)
"""
TOLD = f"""
WITH {JUDGED}
SELECT order_id, (SELECT number FROM orders_order WHERE id = j.order_id),
  (SELECT platform_order FROM orders_order WHERE id = j.order_id), sub_order, shipment_id,
  s.number, s.waybill, j.pieces, is_whole, is_taken, takes, is_counted
FROM judged j JOIN warehouse_shipment s ON s.id = j.shipment_id
ORDER BY order_id, sub_order, shipment_id
"""  # noqa: S608 (the text above)


@dataclass(frozen=True)
class Telling:
    """A platform order or sub-order (empty: the whole order), and the parcel it is told of."""

    order_id: int
    order: str
    platform_order: str
    sub_order: str
    shipment_id: int
    shipment: str
    waybill: str
    pieces: int
    is_whole: bool
    is_taken: bool
    takes: str
    is_counted: bool


def limits() -> dict[str, str]:
    """Return what `JUDGED` wants to know besides the shipments."""
    return {"takes": json.dumps(PLATFORM_TAKES), "own": Platform.OWN}


def tellings(orders: Iterable[int]) -> list[Telling]:
    """Return what the platforms would be told if the orders' parcels left as they are now.

    What has left already is judged when it leaves, and counts for those that follow.
    """
    lines = ShipmentLine.objects.filter(order__any=list(orders), shipment__stage__in=IN_THE_HOUSE)
    ids = sorted(set(lines.values_list("shipment", flat=True)))
    with connection.cursor() as cursor:
        cursor.execute(TOLD, {**limits(), "ids": ids})
        return [Telling(*row) for row in cursor.fetchall()]


def told_before(orders: Iterable[int]) -> Sequence[WriteBack]:
    """Return what stands in the account of write-backs for parcels that have left."""
    rows = WriteBack.objects.filter(order__in=list(orders)).exclude(state=WriteBackState.IMPOSSIBLE)
    return list(rows.select_related("shipment", "order").order_by("order", "sub_order", "pk"))
