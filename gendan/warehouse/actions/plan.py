"""Makes shipments of what is reserved, and puts orders of one buyer to one place together."""

from collections.abc import Iterator
from datetime import datetime

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.models import Order, OrderQuerySet
from gendan.orders.stages import MUST_NOT_SHIP, Stage
from gendan.ui.errors import Refused
from gendan.warehouse.actions.carry import carry
from gendan.warehouse.actions.share_gifts import share_gifts
from gendan.warehouse.contents import FIGURES, add_up
from gendan.warehouse.costs import reckon_anew
from gendan.warehouse.models import CombineRules, Shipment, ShipmentQuerySet
from gendan.warehouse.queries.carriage import WISHED
from gendan.warehouse.queries.company import (
    GOES_ALONE,
    SAME,
    SPLIT_BY_HAND,
    WHO,
    combine_rules,
    waits_for_company,
)
from gendan.warehouse.queries.ready import ready_to_plan
from gendan.warehouse.weighing import PACKAGING_G

BATCH = 2000

# The carrier the customer wished for, else the preferred.
CARRIER = f"""
SELECT c.id FROM warehouse_carrier c WHERE c.is_active
ORDER BY {WISHED.format(wish="o.carrier_wish")} DESC, c.rank, c.code LIMIT 1
"""  # noqa: S608 (the text of a query)

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
    WHERE id = ANY(%(orders)s) AND %(together)s AND NOT ({GOES_ALONE})
  ) p CROSS JOIN LATERAL (
    SELECT id FROM warehouse_shipment s
    WHERE stage = 'PLANNED' AND cod_fen = 0 AND place_key = p.place_key AND NOT {SPLIT_BY_HAND}
    OFFSET 0
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
    CASE WHEN {GOES_ALONE} OR NOT %(together)s THEN o.id END AS alone
  FROM orders_order o
  JOIN (SELECT DISTINCT order_id, warehouse_id FROM wanted WHERE quantity > 0) w
    ON w.order_id = o.id
), joinable AS MATERIALIZED (
  SELECT s.id, s.warehouse_id, s.shop_id, {WHO} AS who, s.place_key, s.receiver_name,
    s.receiver_phone, o.carrier_wish, f.placed_at, f.fen, s.expected_g - %(packaging_g)s AS grams
  FROM warehouse_shipment s
  CROSS JOIN LATERAL (
    SELECT min(i.id) AS id, min(i.placed_at) AS placed_at, sum(i.total_fen)::bigint AS fen
    FROM (SELECT DISTINCT order_id FROM warehouse_shipmentline WHERE shipment_id = s.id OFFSET 0) h
    CROSS JOIN LATERAL (SELECT * FROM orders_order WHERE id = h.order_id OFFSET 0) i) f
  CROSS JOIN LATERAL (SELECT * FROM orders_order WHERE id = f.id OFFSET 0) o
  WHERE s.id = ANY(%(joinable)s) AND NOT ({GOES_ALONE})
), agreeing AS MATERIALIZED (
  SELECT row_number() OVER () AS crowd, array_agg(id) AS orders, min(id) AS first, alone,
    from_warehouse AS warehouse_id, {", ".join(SAME[1:])}
  FROM parts GROUP BY alone, from_warehouse, {", ".join(SAME[1:])}
), joined AS MATERIALIZED (
  SELECT a.crowd, j.id, j.placed_at, j.fen, j.grams FROM agreeing a
  JOIN joinable j ON a.alone IS NULL AND {" AND ".join(f"j.{c} = a.{c}" for c in SAME)}
), crowds AS MATERIALIZED (
  SELECT crowd, warehouse_id, orders FROM agreeing
  WHERE cardinality(orders) > 1 OR crowd IN (SELECT crowd FROM joined)
), weights AS (
  SELECT w.order_id, w.warehouse_id, sum(w.quantity * k.weight_g) AS grams
  FROM wanted w JOIN catalog_sku k ON k.id = w.sku_id
  WHERE w.order_id IN (SELECT unnest(orders) FROM crowds) AND w.quantity > 0
  GROUP BY w.order_id, w.warehouse_id
), members AS (
  SELECT crowd, id AS shipment_id, NULL::bigint AS order_id, placed_at, fen, grams FROM joined
  UNION ALL
  SELECT c.crowd, NULL, o.id, o.placed_at, o.total_fen, w.grams
  FROM crowds c CROSS JOIN unnest(c.orders) AS order_id
  CROSS JOIN LATERAL (
    SELECT id, placed_at, total_fen FROM orders_order WHERE id = order_id OFFSET 0) o
  JOIN weights w ON w.order_id = o.id AND w.warehouse_id = c.warehouse_id
), numbered AS (
  SELECT *, warehouse_parcel(shipment_id IS NOT NULL, placed_at, fen, grams::bigint,
      %(most_days)s::int, %(most_fen)s::bigint, %(most_g)s::bigint)
    OVER (PARTITION BY crowd ORDER BY shipment_id, placed_at, order_id ROWS UNBOUNDED PRECEDING
    ) AS parcel
  FROM members
), groups AS MATERIALIZED (
  SELECT g.*, g.joins IS NULL AS is_new,
    coalesce(g.joins, nextval(pg_get_serial_sequence('warehouse_shipment', 'id'))) AS shipment_id
  FROM (
    SELECT warehouse_id, orders, first, NULL::bigint AS joins FROM agreeing
    WHERE crowd NOT IN (SELECT crowd FROM crowds)
    UNION ALL
    SELECT c.warehouse_id, array_agg(n.order_id) FILTER (WHERE n.order_id IS NOT NULL),
      min(n.order_id), max(n.shipment_id)
    FROM numbered n JOIN crowds c USING (crowd) GROUP BY c.crowd, c.warehouse_id, n.parcel
    HAVING min(n.order_id) IS NOT NULL
  ) g ORDER BY g.first
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


def plan_waiting(*, by: Actor, now: datetime) -> Iterator[tuple[int, int]]:
    """Plan what is reserved, so many orders in each act; yield how many, and how many shipments.

    Orders whose company is about to come wait for it a little (`waits_for_company`).
    """
    rules = combine_rules()
    ready = ready_to_plan()
    if rules.is_on and rules.wait_minutes:
        ready = ready.exclude(waits_for_company(rules, now=now))
    waiting = list(ready.order_by("-priority", "pk").values_list("pk", flat=True))
    for start in range(0, len(waiting), BATCH):
        still = ready_to_plan().filter(pk__any=waiting[start : start + BATCH])
        ids = list(still.values_list("pk", flat=True))
        if ids:
            yield len(ids), plan(Order.objects.numbered(ids), by=by).count()


def plan(orders: OrderQuerySet, *, by: Actor, why: str = "") -> ShipmentQuerySet:
    """Make shipments of what is reserved for the orders; return those that got goods.

    Orders of one buyer to one place go together, also with shipments planned before, as far as
    the rules of the house allow.

    :raises NotPlannable: if any of the orders can't be planned
    """
    ids, rules = sorted(set(orders.values_list("pk", flat=True))), combine_rules()
    with entry("shipment.planned", by=by, why=why, count=len(ids)), connection.cursor() as cursor:
        cursor.execute(LOCK_ORDERS, {"orders": ids, "forbidden": [*MUST_NOT_SHIP]})
        _refuse_first([number for number, ready in cursor.fetchall() if not ready])
        cursor.execute(LOCK_JOINABLE, {"orders": ids, "together": rules.is_on})
        joinable = [row[0] for row in cursor.fetchall()]
        cursor.execute(PLAN, {"orders": ids, "joinable": joinable, **_limits(rules)})
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
        share_gifts(ids, by=by, now=timezone.now())
        if made:
            carry(made, by=by, now=timezone.now())
        if joined:
            reckon_anew(joined, now=timezone.now())
    return Shipment.objects.numbered([*joined, *made])


def _limits(rules: CombineRules) -> dict[str, int | None]:
    return {
        "together": rules.is_on,
        "most_days": rules.within_days,
        "most_fen": rules.most_fen,
        "most_g": rules.most_g,
        "packaging_g": PACKAGING_G,
    }


def _refuse_first(numbers: list[str]) -> None:
    if numbers:
        raise NotPlannable(
            _("Order %(number)s is not “%(stage)s”, or may not be shipped now.")
            % {"number": numbers[0], "stage": Stage.ALLOCATED.label}
        )
