"""Which shipments need nothing but a label: a box with just their goods is packed already."""

from collections.abc import Collection

from django.db import connection

# One kind of goods, in the quantity of a box, and nothing special wished or remarked: who sticks
# labels on boxes reads neither. Of more shipments than there are boxes left, those that wait
# longest take them.
FITS = """
WITH wanted AS (
  SELECT s.id, p.id AS prepack_id, p.boxes - p.used AS boxes_left,
    row_number() OVER (PARTITION BY p.id ORDER BY s.priority DESC, s.id) AS turn
  FROM warehouse_shipment s
  CROSS JOIN LATERAL (
    SELECT min(sku_id) AS sku_id, sum(quantity) AS pieces FROM warehouse_shipmentline
    WHERE shipment_id = s.id) l
  JOIN warehouse_prepack p ON p.warehouse_id = s.warehouse_id AND p.sku_id = l.sku_id
    AND p.pieces = l.pieces
  WHERE s.id = ANY(%s) AND s.kinds = 1 AND NOT EXISTS (
    SELECT FROM warehouse_shipmentline sl JOIN orders_order o ON o.id = sl.order_id
    WHERE sl.shipment_id = s.id AND (o.warehouse_remark <> ''
      OR EXISTS (SELECT FROM orders_instruction i WHERE i.order_id = o.id)))
)
SELECT id, prepack_id FROM wanted WHERE turn <= boxes_left ORDER BY prepack_id, id
"""


def fitting(shipments: Collection[int]) -> dict[int, int]:
    """Return which of the shipments fit a box that is left: shipment id -> prepack id."""
    with connection.cursor() as cursor:
        cursor.execute(FITS, [list(shipments)])
        return dict(cursor.fetchall())
