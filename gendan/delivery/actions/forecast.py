"""Counts for every order under way when it will leave and arrive, and what that risks.

Two statements for all orders of the house: the forecast, then the risk that follows from it. The
formula and where its numbers come from: docs/promises.md.
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from gendan.delivery.actions.tell_late import tell
from gendan.delivery.models import reckoning
from gendan.delivery.risk import parcels_follow, weigh
from gendan.delivery.working_time import AT, MINUTES, working_time
from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.stages import IN_HAND
from gendan.stock.queries.netting import HANDLING, expected_on
from gendan.warehouse.queries.carriage import EXPECTED, STANDARD, WISHED

EXPECTED_THERE = EXPECTED.format(
    carrier="w.carrier_id",
    province="w.province",
    standard=STANDARD.format(carrier="w.carrier_id", province="w.province"),
)
DAYS_AHEAD = 90  # whose business hours are laid out; what waits longer leaves at their end

# Orders that have no promise yet get the shop's hours; made goods, when first seen, the days that
# they take. A wish and a platform's deadline are kept as they are.
UNPROMISED = """
WITH made AS (
  SELECT l.order_id, max(t.days) AS days FROM catalog_leadtime t
  JOIN orders_line l ON l.sku_id = t.sku_id AND NOT l.is_cancelled GROUP BY l.order_id
), wanted AS (
  SELECT o.id, CASE WHEN m.days IS NULL OR d.id IS NOT NULL OR o.wish_on IS NOT NULL
      THEN coalesce(o.promise_at, d.ship_by, coalesce(o.paid_at, o.placed_at)
        + s.ship_hours * interval '1 hour')
      ELSE greatest(o.promise_at, coalesce(o.paid_at, o.placed_at) + m.days * interval '1 day')
    END AS promise_at
  FROM orders_order o JOIN people_shop s ON s.id = o.shop_id
  LEFT JOIN made m ON m.order_id = o.id LEFT JOIN orders_deadline d ON d.order_id = o.id
  WHERE o.stage = ANY(%(stages)s) AND (o.promise_at IS NULL OR m.days IS NOT NULL
    AND NOT EXISTS (SELECT FROM delivery_forecast f WHERE f.order_id = o.id))
)
SELECT o.id, w.promise_at FROM wanted w JOIN orders_order o ON o.id = w.id
WHERE o.promise_at IS DISTINCT FROM w.promise_at ORDER BY o.id FOR NO KEY UPDATE OF o
"""
PROMISE = """
UPDATE orders_order o SET promise_at = w.at
FROM unnest(%s::bigint[], %s::timestamptz[]) AS w (id, at) WHERE o.id = w.id
"""

# Goods that come on a day are there when it ends; those of a presale go out on its day. Each parcel
# stands in the queue for itself, and so does what follows later (a part without a parcel); the
# order is where the part is that stands furthest back.
FORECAST = f"""
WITH waiting AS (
  SELECT order_id, max(at) AS goods_at FROM (
    SELECT * FROM unnest(%(waiting)s::bigint[], %(there_at)s::timestamptz[]) AS w (order_id, at)
    UNION ALL
    SELECT order_id, waits_until FROM stock_presaleclaim WHERE waits_until > %(now)s) w
  GROUP BY order_id
), standing AS MATERIALIZED (
  SELECT o.id, o.shop_id, o.stage, o.priority, o.province, o.wish_on, o.promise_at, o.placed_at,
    coalesce(o.paid_at, o.placed_at) AS turn_at, p.shipped_at, p.delivered_at, w.goods_at,
    coalesce(p.warehouse_id, o.warehouse_id, %(warehouse)s) AS warehouse_id,
    coalesce(p.carrier_id, wished.id, %(carrier)s) AS carrier_id,
    CASE WHEN o.stage IN ('SCREENING', 'HELD') THEN 1 WHEN o.stage <> 'ALLOCATED' THEN 2
      ELSE CASE coalesce(p.stage, 'PLANNED') WHEN '' THEN 2 WHEN 'PLANNED' THEN 3
        WHEN 'RELEASED' THEN 4 WHEN 'PICKED' THEN 4 WHEN 'PACKED' THEN 5 ELSE 6 END END AS place,
    p.shipment_id, o.stage = 'SHORT' OR p.stage = '' AS lacks_goods,
    count(*) OVER (PARTITION BY o.id) AS parts,
    (SELECT max(t.days) FROM orders_line l JOIN catalog_leadtime t ON t.sku_id = l.sku_id
     WHERE l.order_id = o.id AND NOT l.is_cancelled) AS made_days,
    EXISTS (SELECT FROM orders_deadline d WHERE d.order_id = o.id) AS has_deadline,
    EXISTS (SELECT FROM delivery_promise a
      WHERE a.order_id = o.id AND a.state = 'AGREED') AS is_agreed
  FROM orders_order o
  LEFT JOIN LATERAL (
    SELECT s.id AS shipment_id, s.stage, s.warehouse_id, s.carrier_id, s.shipped_at, s.delivered_at
    FROM warehouse_shipment s WHERE o.stage = 'ALLOCATED' AND s.stage <> 'RECALLED' AND s.id IN (
      SELECT shipment_id FROM warehouse_shipmentline WHERE order_id = o.id)
    UNION ALL
    SELECT DISTINCT NULL::bigint, '', NULL::bigint, NULL::bigint, NULL::timestamptz,
      NULL::timestamptz
    FROM stock_rest WHERE o.stage = 'ALLOCATED' AND order_id = o.id) p ON true
  LEFT JOIN waiting w ON w.order_id = o.id AND (o.stage <> 'ALLOCATED' OR p.stage = '')
  LEFT JOIN LATERAL (
    SELECT c.id FROM warehouse_carrier c
    WHERE o.carrier_wish <> '' AND c.is_active AND {WISHED.format(wish="o.carrier_wish")}
    ORDER BY c.rank, c.code LIMIT 1) wished ON true
  WHERE o.stage = ANY(%(stages)s) AND (%(gone_too)s OR NOT EXISTS (
    SELECT FROM delivery_forecast f WHERE f.order_id = o.id AND f.step = ''
      AND (o.wish_on IS NULL OR f.forecast_arrive_at <= %(now)s)))
), queued AS (
  SELECT *,
    row_number() OVER (PARTITION BY stage = 'SCREENING'
      ORDER BY priority DESC, placed_at, id) AS screened,
    row_number() OVER (PARTITION BY warehouse_id, place < 5
      ORDER BY lacks_goods OR stage IN ('HELD', 'IN_PRODUCTION'), priority DESC, place DESC,
        turn_at, id, shipment_id) AS turn,
    row_number() OVER (PARTITION BY warehouse_id, goods_at ORDER BY priority DESC, turn_at, id)
      AS of_those_who_wait
  FROM standing
), counted AS (
  SELECT q.*, CASE WHEN place < 5 THEN turn - 1 ELSE 0 END AS ahead,
    CASE WHEN place = 6 THEN 0 ELSE greatest(
      CASE stage WHEN 'SCREENING' THEN screened * 60 / coalesce(
          (SELECT per_hour FROM delivery_pace WHERE step = 'SCREENING'), %(screened_an_hour)s)
        WHEN 'HELD' THEN coalesce(
          (SELECT minutes FROM delivery_pace WHERE step = 'HELD'), %(held_minutes)s)
        WHEN 'IN_PRODUCTION' THEN CASE WHEN made_days IS NULL THEN %(made_minutes)s ELSE 0 END
        ELSE CASE WHEN lacks_goods AND goods_at IS NULL THEN coalesce(
          (SELECT minutes FROM delivery_pace WHERE step = 'SHORT'), %(short_minutes)s)
          ELSE 0 END END
      + CASE WHEN place < 5 THEN turn * 60 / coalesce(packs.per_hour, %(packed_an_hour)s)
        ELSE 0 END,
      CASE WHEN goods_at IS NOT NULL THEN {MINUTES.format("goods_at")}
        + of_those_who_wait * 60 / coalesce(packs.per_hour, %(packed_an_hour)s) END)
      + coalesce(hands.minutes, %(hand_over_minutes)s) END AS minutes
  FROM queued q
  LEFT JOIN delivery_pace packs ON packs.step = 'PACKING' AND packs.warehouse_id = q.warehouse_id
  LEFT JOIN delivery_pace hands ON hands.step = 'HAND_OVER' AND hands.warehouse_id = q.warehouse_id
), leaving AS (
  SELECT c.*, CASE WHEN place = 6 THEN coalesce(shipped_at, %(now)s) ELSE greatest(
      {AT.format("c.minutes::float8")},
      CASE WHEN place < 3 THEN turn_at + made_days * interval '1 day' END) END AS ship_at
  FROM counted c
), way AS MATERIALIZED (
  SELECT coalesce(w.carrier_id, 0) AS carrier, w.province, coalesce(e.source, 'ASSUMED') AS source,
    coalesce(e.hours, c.sign_hours, %(on_the_way_hours)s) * interval '1 hour' AS takes
  FROM (SELECT DISTINCT carrier_id, province FROM standing) w
  LEFT JOIN warehouse_carrier c ON c.id = w.carrier_id
  LEFT JOIN LATERAL {EXPECTED_THERE} e ON true
), told AS MATERIALIZED (
  SELECT l.*, (ARRAY['SCREENING', 'STOCK', 'WAVE', 'PACKING', 'HAND_OVER', ''])[place] AS step,
    coalesce(delivered_at, ship_at + w.takes) AS arrive_at,
    CASE WHEN delivered_at IS NULL THEN w.source ELSE '' END AS arrive_source
  FROM leaving l
  JOIN way w ON w.carrier = coalesce(l.carrier_id, 0) AND w.province = l.province
), apart AS (
  INSERT INTO delivery_partforecast (order_id, shipment_id, step, promise_at, forecast_ship_at,
    forecast_arrive_at, counted_at)
  SELECT t.id, t.shipment_id, t.step, CASE WHEN is_agreed OR wish_on IS NOT NULL
      OR t.shipment_id IS DISTINCT FROM min(t.shipment_id) OVER (PARTITION BY t.id)
      THEN promise_at ELSE least(promise_at, (
        SELECT date_trunc('day', max(chosen_at), %(zone)s) + %(sent_within)s
        FROM stock_shortagecase WHERE order_id = t.id AND choice = 'PART'), (
        SELECT coalesce(d.ship_by, t.turn_at + s.ship_hours * interval '1 hour')
        FROM orders_order o JOIN people_shop s ON s.id = o.shop_id
        LEFT JOIN orders_deadline d ON d.order_id = o.id
        WHERE o.id = t.id AND EXISTS (SELECT FROM stock_presaleclaim WHERE order_id = t.id))) END,
    t.ship_at, t.arrive_at, %(now)s
  FROM told t WHERE parts > 1 ORDER BY t.id, t.shipment_id
  ON CONFLICT (order_id, shipment_id) DO UPDATE SET step = excluded.step,
    promise_at = excluded.promise_at, forecast_ship_at = excluded.forecast_ship_at,
    forecast_arrive_at = excluded.forecast_arrive_at, counted_at = excluded.counted_at
)
INSERT INTO delivery_forecast AS f (order_id, shop_id, promise_source, step, ahead, warehouse_id,
  carrier_id, forecast_ship_at, forecast_arrive_at, arrive_source, risk, fen_at_risk, counted_at)
SELECT DISTINCT ON (id) id, shop_id,
  CASE WHEN is_agreed THEN 'AGREED' WHEN wish_on IS NOT NULL THEN 'WISH'
    WHEN has_deadline THEN 'PLATFORM' WHEN made_days IS NOT NULL THEN 'LEAD_TIME'
    ELSE 'HOURS' END,
  step, ahead, warehouse_id, carrier_id, ship_at, arrive_at, arrive_source, 'NONE', 0, %(now)s
FROM told ORDER BY id, place, arrive_at DESC
ON CONFLICT (order_id) DO UPDATE SET promise_source = excluded.promise_source,
  step = excluded.step, ahead = excluded.ahead, warehouse_id = excluded.warehouse_id,
  carrier_id = excluded.carrier_id, forecast_ship_at = excluded.forecast_ship_at,
  forecast_arrive_at = excluded.forecast_arrive_at, arrive_source = excluded.arrive_source,
  counted_at = excluded.counted_at
WHERE (f.step, f.promise_source, f.carrier_id, f.arrive_source) IS DISTINCT FROM
    (excluded.step, excluded.promise_source, excluded.carrier_id, excluded.arrive_source)
  OR abs(extract(epoch FROM f.forecast_ship_at - excluded.forecast_ship_at)) >= 300
  OR abs(extract(epoch FROM f.forecast_arrive_at - excluded.forecast_arrive_at)) >= 300
"""  # noqa: S608 (texts from above)
# Of orders that go together again. What has left whole is not always counted.
TOGETHER_AGAIN = """
DELETE FROM delivery_partforecast p WHERE p.counted_at <> %(now)s AND (%(gone_too)s OR EXISTS (
  SELECT FROM delivery_forecast f WHERE f.order_id = p.order_id AND f.step <> ''))
"""
# What is over has no forecast any more; what had left whole ends with the next one of all.
OVER = """
WITH ended AS (
  DELETE FROM delivery_forecast f USING orders_order o
  WHERE o.id = f.order_id AND o.stage <> ALL(%(stages)s) AND (%(gone_too)s OR f.step <> '')
  RETURNING f.order_id
)
DELETE FROM delivery_partforecast p USING ended WHERE p.order_id = ended.order_id
"""

PLACES = """
SELECT (SELECT id FROM people_warehouse WHERE is_active ORDER BY rank, id LIMIT 1),
  (SELECT id FROM warehouse_carrier WHERE is_active ORDER BY rank, code LIMIT 1)
"""


def forecast(*, by: Actor, now: datetime, gone_too: bool = True) -> int:
    """Count everything anew; return how many orders are newly told to a person as late.

    Four of five orders under way have left and only wait to arrive; where no wish hangs on that,
    they can be left out.
    """
    with transaction.atomic():
        _promise(by=by)
        with connection.cursor() as cursor:
            cursor.execute(PLACES)
            warehouse, carrier = cursor.fetchone()
            values = {"now": now, "warehouse": warehouse, "carrier": carrier, **reckoning().values}
            values |= working_time(now, DAYS_AHEAD).values | _goods_to_come(now)
            values |= {"stages": [*IN_HAND], "gone_too": gone_too, **_sent_at_once()}
            cursor.execute(FORECAST, values)
            cursor.execute(TOGETHER_AGAIN, values)
        weigh(now=now)
        told = tell(by=by, now=now)
        with connection.cursor() as cursor:
            cursor.execute(OVER, values)
    return told


def _promise(*, by: Actor) -> None:
    """Give a promise to orders that have none, and to made goods the time that they take."""
    with connection.cursor() as cursor:
        cursor.execute(UNPROMISED, {"stages": [*IN_HAND]})
        rows = cursor.fetchall()
        if not rows:
            return
        ids, instants = [row[0] for row in rows], [row[1] for row in rows]
        with entry("order.promised_first", by=by, count=len(ids)):
            cursor.execute(PROMISE, [ids, instants])
            parcels_follow(ids)


def _goods_to_come(now: datetime) -> dict[str, Sequence[Any]]:
    """Return who waits for goods, and the end of the day on which those are expected."""
    days = expected_on(today=timezone.localdate(now))
    evenings = [datetime.combine(day + timedelta(days=1), time.min) for day in days.values()]
    return {"waiting": [*days], "there_at": [timezone.make_aware(at) for at in evenings]}


def _sent_at_once() -> dict[str, Any]:
    """Return until when the first part of an order leaves whose customer takes it in parts."""
    zone = timezone.get_current_timezone_name()
    return {"zone": zone, "sent_within": HANDLING + timedelta(days=1)}
