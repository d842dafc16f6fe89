"""Makes shipments of what is reserved, and puts orders of one buyer to one place together."""

from collections.abc import Iterator

from django.db import connection
from django.utils.translation import gettext as _

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.models import Order, OrderQuerySet
from gendan.orders.stages import MUST_NOT_SHIP, Stage
from gendan.ui.errors import Refused
from gendan.warehouse.contents import FIGURES, add_up
from gendan.warehouse.models import Shipment, ShipmentQuerySet
from gendan.warehouse.queries.ready import ready_to_plan
from gendan.warehouse.weighing import PACKAGING_G

BATCH = 2000

# Orders go together that agree in all of these...
SAME = (
    "warehouse_id",
    "shop_id",
    "who",
    "place_key",
    "receiver_name",
    "receiver_phone",
    "carrier_wish",
)
# ...unless one of these is true of them; then they go alone.
ALONE = {
    "cash on delivery": "o.is_cod",
    "an unknown buyer": "o.customer_id IS NULL AND o.buyer = ''",
    "an unknown place": "o.place_key = ''",
    "a day wished for": "o.wish_on IS NOT NULL",
}
GOES_ALONE = " OR ".join(f"({condition})" for condition in ALONE.values())
WHO = "coalesce('#' || o.customer_id, o.buyer)"

# The carrier the customer wished for, by code or by the beginning of a name; else the preferred.
CARRIER = """
SELECT c.id FROM warehouse_carrier c WHERE c.is_active
ORDER BY o.carrier_wish <> '' AND (lower(o.carrier_wish) = lower(c.code)
  OR starts_with(lower(c.name), lower(o.carrier_wish))
  OR starts_with(lower(c.name_en), lower(o.carrier_wish))) DESC, c.rank, c.code LIMIT 1
"""

LOCK_ORDERS = """
SELECT number, stage = 'ALLOCATED' AND platform_state <> ALL(%(forbidden)s)
FROM orders_order WHERE id = ANY(%(orders)s) ORDER BY id FOR NO KEY UPDATE
"""

# Planned parcels that later orders of the same buyer may still join. They are looked up place by
# place (OFFSET keeps it from becoming a join of all orders with all parcels).
LOCK_JOINABLE = f"""
SELECT id FROM warehouse_shipment WHERE stage = 'PLANNED' AND id = ANY(ARRAY(
  SELECT s.id FROM (
    SELECT DISTINCT place_key FROM orders_order o
    WHERE id = ANY(%(orders)s) AND NOT ({GOES_ALONE})
  ) p CROSS JOIN LATERAL (
    SELECT id FROM warehouse_shipment
    WHERE stage = 'PLANNED' AND cod_fen = 0 AND place_key = p.place_key OFFSET 0
  ) s
)) ORDER BY id FOR NO KEY UPDATE
"""  # noqa: S608 (conditions from the table above)

PLAN = f"""
WITH wanted AS MATERIALIZED (
  SELECT r.line_id, l.order_id, r.sku_id, r.warehouse_id, r.quantity - coalesce((
    SELECT sum(sl.quantity) FROM warehouse_shipmentline sl
    WHERE sl.line_id = r.line_id AND (
      SELECT s.warehouse_id = r.warehouse_id
        AND s.stage IN ('PLANNED', 'RELEASED', 'PICKED', 'PACKED')
      FROM warehouse_shipment s WHERE s.id = sl.shipment_id)), 0) AS quantity
  FROM stock_reservation r JOIN orders_line l ON l.id = r.line_id
  WHERE l.order_id = ANY(%(orders)s)
), parts AS (
  SELECT o.*, w.warehouse_id AS from_warehouse, {WHO} AS who,
    CASE WHEN {GOES_ALONE} THEN o.id END AS alone
  FROM orders_order o
  JOIN (SELECT DISTINCT order_id, warehouse_id FROM wanted WHERE quantity > 0) w
    ON w.order_id = o.id
), joinable AS (
  SELECT DISTINCT ON ({", ".join(SAME)}) p.id, {", ".join(f"p.{c}" for c in SAME)}
  FROM (
    SELECT s.id, s.warehouse_id, s.shop_id, {WHO} AS who, s.place_key, s.receiver_name,
      s.receiver_phone, o.carrier_wish
    FROM warehouse_shipment s
    JOIN LATERAL (
      SELECT order_id FROM warehouse_shipmentline WHERE shipment_id = s.id LIMIT 1) f ON true
    JOIN orders_order o ON o.id = f.order_id AND NOT ({GOES_ALONE})
    WHERE s.id = ANY(%(joinable)s)
  ) p ORDER BY {", ".join(SAME)}, p.id
), groups AS MATERIALIZED (
  SELECT g.*, j.id IS NULL AS is_new,
    coalesce(j.id, nextval(pg_get_serial_sequence('warehouse_shipment', 'id'))) AS shipment_id
  FROM (
    SELECT from_warehouse AS warehouse_id, shop_id, who, place_key, receiver_name,
      receiver_phone, carrier_wish, alone, array_agg(id) AS orders, min(id) AS first
    FROM parts
    GROUP BY from_warehouse, shop_id, who, place_key, receiver_name, receiver_phone,
      carrier_wish, alone
  ) g LEFT JOIN joinable j ON g.alone IS NULL
    AND {" AND ".join(f"j.{column} = g.{column}" for column in SAME)}
  ORDER BY g.first
), filled AS (
  INSERT INTO warehouse_shipmentline (shipment_id, order_id, line_id, sku_id, quantity, verified)
  SELECT g.shipment_id, w.order_id, w.line_id, w.sku_id, w.quantity, 0
  FROM groups g CROSS JOIN unnest(g.orders) AS order_id
  JOIN wanted w USING (order_id, warehouse_id)
  WHERE w.quantity > 0 ORDER BY g.shipment_id, w.line_id
  ON CONFLICT (shipment_id, line_id)
    DO UPDATE SET quantity = warehouse_shipmentline.quantity + excluded.quantity
)
SELECT
  ARRAY(SELECT shipment_id FROM groups WHERE NOT is_new),
  ARRAY(SELECT shipment_id FROM groups WHERE is_new ORDER BY shipment_id),
  ARRAY(SELECT warehouse_id FROM groups WHERE is_new ORDER BY shipment_id),
  ARRAY(SELECT first FROM groups WHERE is_new ORDER BY shipment_id),
  (SELECT number FROM orders_order WHERE id = ANY(%(orders)s)
   AND id NOT IN (SELECT order_id FROM wanted WHERE quantity > 0) LIMIT 1)
"""  # noqa: S608 (columns and conditions from the tables above)

# New shipments come after their lines (the foreign key is looked at in the end), so that they are
# written once, with what follows from the lines.
MAKE = f"""
WITH {FIGURES}
INSERT INTO warehouse_shipment (id, warehouse_id, shop_id, customer_id, buyer, place_key, stage,
  carrier_id, waybill, priority, promise_at, pieces, kinds, hides_prices, cod_fen, expected_g,
  weight_why, receiver_name, receiver_phone, province, city, district, street, address, division,
  zip)
SELECT f.id, n.warehouse_id, o.shop_id, o.customer_id, o.buyer, o.place_key, 'PLANNED',
  ({CARRIER}),
  '', f.priority, f.promise_at, f.pieces, f.kinds, f.hides_prices, f.cod_fen, f.expected_g,
  '', o.receiver_name, o.receiver_phone, o.province, o.city, o.district, o.street, o.address,
  o.division, o.zip
FROM figures f
JOIN unnest(%(ids)s::bigint[], %(warehouses)s::bigint[], %(orders)s::bigint[])
  AS n (id, warehouse_id, order_id) USING (id)
JOIN orders_order o ON o.id = n.order_id ORDER BY f.id
"""  # noqa: S608 (texts from above)


class NotPlannable(Refused):
    """Some of the orders are not allocated, may not be shipped, or are planned already."""


def plan_waiting(*, by: Actor) -> Iterator[tuple[int, int]]:
    """Plan what is reserved, so many orders in each act; yield how many, and how many shipments."""
    waiting = list(ready_to_plan().order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(waiting), BATCH):
        still = ready_to_plan().filter(pk__any=waiting[start : start + BATCH])
        ids = list(still.values_list("pk", flat=True))
        if ids:
            yield len(ids), plan(Order.objects.numbered(ids), by=by).count()


def plan(orders: OrderQuerySet, *, by: Actor, why: str = "") -> ShipmentQuerySet:
    """Make shipments of what is reserved for the orders; return those that got goods.

    Orders of one buyer to one place go together, also with shipments planned before.

    :raises NotPlannable: if any of the orders can't be planned
    """
    ids = sorted(set(orders.values_list("pk", flat=True)))
    with entry("shipment.planned", by=by, why=why, count=len(ids)), connection.cursor() as cursor:
        cursor.execute(LOCK_ORDERS, {"orders": ids, "forbidden": [*MUST_NOT_SHIP]})
        _refuse_first([number for number, ready in cursor.fetchall() if not ready])
        cursor.execute(LOCK_JOINABLE, {"orders": ids})
        joinable = [row[0] for row in cursor.fetchall()]
        cursor.execute(PLAN, {"orders": ids, "joinable": joinable})
        joined, made, warehouses, firsts, left_over = cursor.fetchone()
        if left_over:
            raise NotPlannable(
                _("Order %(number)s has nothing reserved that is not planned already.")
                % {"number": left_over}
            )
        if made:
            new = {"ids": made, "warehouses": warehouses, "orders": firsts}
            cursor.execute(MAKE, new | {"packaging_g": PACKAGING_G})
        if joined:
            add_up(joined)
    return Shipment.objects.numbered([*joined, *made])


def _refuse_first(numbers: list[str]) -> None:
    if numbers:
        raise NotPlannable(
            _("Order %(number)s is not “%(stage)s”, or may not be shipped now.")
            % {"number": numbers[0], "stage": Stage.ALLOCATED.label}
        )
