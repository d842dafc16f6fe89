"""Which carriers could take parcels, the best first, and why."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from django.db import connection
from django.utils import timezone

from gendan.orders.conditions import first_met
from gendan.orders.models import Order
from gendan.warehouse.models import Carrier
from gendan.warehouse.models.carriage import (
    Carriage,
    CarrierRule,
    Ground,
    Refusal,
    Tariff,
    Unserved,
)

# What a carrier takes there on a day: the prices of the province, else those of all others (zone
# ''), and what the contract takes off there by then.
TERMS = """(
    SELECT f.*, coalesce(r.percent, 0) AS percent
    FROM (
      SELECT first_g, first_fen, step_g, step_fen, province AS zone
      FROM warehouse_tariff WHERE carrier_id = {carrier} AND province IN ({province}, '')
      ORDER BY province DESC LIMIT 1) f
    LEFT JOIN LATERAL (
      SELECT percent FROM warehouse_discount
      WHERE carrier_id = {carrier} AND province IN ({province}, '') AND from_on <= {on}
      ORDER BY province DESC, from_on DESC LIMIT 1) r ON true)"""
FEE = """round((first_fen + step_fen * ceil(greatest({grams} - first_g, 0)::numeric / step_g))
      * (100 - percent) / 100)::bigint"""
PRICE = f"(SELECT {FEE} AS fee_fen, zone FROM {TERMS} terms)"  # noqa: S608 (the texts above)

# How much room the goods of a parcel take up, in mm³; those whose measures nobody knows take none.
VOLUME = """(
    SELECT sum(l.quantity * k.length_mm::bigint * k.width_mm * k.height_mm)::bigint
    FROM warehouse_shipmentline l JOIN catalog_sku k ON k.id = l.sku_id
    WHERE l.shipment_id = {shipment})"""

# Whether a carrier (`c`) is the one wished for: by its code, or by the beginning of a name.
# Who writes 顺丰快递 means 顺丰速运: what all of them are called tells none apart.
BARE = "nullif(lower(regexp_replace({wish}, '(快递|速运|速递|快运|物流)+$', '')), '')"
WISHED = f"""coalesce({{wish}} <> '' AND (lower({{wish}}) = lower(c.code)
      OR starts_with(lower(c.name), {BARE}) OR starts_with(lower(c.name_en), {BARE})), false)"""

# Within how many hours a carrier picks up and arrives there: its own standard before that of all.
STANDARD = """(
    SELECT province, pickup_hours, arrive_hours FROM warehouse_standard
    WHERE province IN ({province}, '') AND coalesce(carrier_id = {carrier}, carrier_id IS NULL)
    ORDER BY province DESC, carrier_id LIMIT 1)"""

# Within how many hours a parcel of a carrier is expected there, and who says so: what we measured
# there, else the standard of there, else what we measured anywhere, else the standard of elsewhere.
# Hours are measured from our own traces by a later room, which is why its table is named here and
# not imported.
EXPECTED = """(
    SELECT hours, source FROM (
      SELECT 1 AS place, hours, 'MEASURED' AS source FROM delivery_transit
      WHERE carrier_id = {carrier} AND province = {province} AND province <> ''
      UNION ALL
      SELECT 3, hours, 'MEASURED' FROM delivery_transit
      WHERE carrier_id = {carrier} AND province = ''
      UNION ALL
      SELECT CASE province WHEN '' THEN 4 ELSE 2 END, arrive_hours, 'STANDARD' FROM {standard} z
    ) known ORDER BY place LIMIT 1)"""

# A wish first, then the house's rule; what is urgent goes by the fastest, everything else by the
# cheapest of those that arrive within the region's standard.
OPTIONS = """
WITH parcel AS MATERIALIZED (
  SELECT s.id, s.province, s.city, s.district, s.expected_g, s.priority, o.carrier_wish,
    r.rule_id, r.carrier_id AS ruled,
    CASE WHEN EXISTS (SELECT FROM warehouse_carrier WHERE is_active AND volume_divisor > 0)
      THEN {volume} END AS mm3
  FROM unnest(%(ids)s::bigint[]) AS chosen (id)
  JOIN warehouse_shipment s ON s.id = chosen.id
  JOIN LATERAL (SELECT order_id FROM warehouse_shipmentline WHERE shipment_id = s.id
    ORDER BY order_id LIMIT 1) f ON true
  JOIN orders_order o ON o.id = f.order_id
  LEFT JOIN unnest(%(orders)s::bigint[], %(rules)s::bigint[], %(carriers)s::bigint[])
    AS r (order_id, rule_id, carrier_id) ON r.order_id = o.id
), way AS MATERIALIZED (
  SELECT c.id AS carrier_id, w.province, t.*, d.hours,
    coalesce(d.hours <= z.arrive_hours, true) AS in_time
  FROM (SELECT DISTINCT province FROM parcel) w JOIN warehouse_carrier c ON c.is_active
  LEFT JOIN LATERAL {terms} t ON true
  LEFT JOIN LATERAL {expected} d ON true
  LEFT JOIN LATERAL {standard} z ON true
), option AS (
  SELECT p.id, c.id AS carrier_id, c.code, c.rank, p.priority > 0 AS is_urgent,
    {wished} AS is_wished,
    coalesce(p.ruled = c.id, false) AS is_ruled, p.rule_id, {fee} AS fee_fen, y.percent, w.grams,
    y.hours, y.in_time
  FROM parcel p JOIN way y ON y.province = p.province
  JOIN warehouse_carrier c ON c.id = y.carrier_id
  CROSS JOIN LATERAL (
    SELECT greatest(p.expected_g, p.mm3 / nullif(c.volume_divisor, 0)) AS grams) w
  WHERE NOT EXISTS (
    SELECT FROM warehouse_unserved u WHERE u.carrier_id = c.id AND u.province = p.province
      AND u.city IN ('', p.city) AND u.district IN ('', p.district))
  AND NOT EXISTS (
    SELECT FROM warehouse_refusal x WHERE x.shipment_id = p.id AND x.carrier_id = c.id)
)
SELECT id, carrier_id, CASE WHEN is_ruled THEN rule_id END,
  CASE WHEN is_wished THEN 'WISH' WHEN is_ruled THEN 'RULE'
    WHEN is_urgent AND hours IS NOT NULL THEN 'FASTEST'
    WHEN fee_fen IS NOT NULL THEN 'CHEAPEST' ELSE 'RANK' END,
  fee_fen, hours, grams, coalesce(percent, 0)
FROM option
ORDER BY id, is_wished DESC, is_ruled DESC, CASE WHEN is_urgent THEN hours END NULLS LAST,
  in_time DESC, fee_fen NULLS LAST, rank, code
"""
STANDARD_THERE = STANDARD.format(carrier="c.id", province="w.province")
OF_PARCEL = {
    "terms": TERMS.format(carrier="c.id", province="w.province", on="%(on)s"),
    "fee": FEE.format(grams="w.grams"),
    "wished": WISHED.format(wish="p.carrier_wish"),
    "standard": STANDARD_THERE,
    "expected": EXPECTED.format(carrier="c.id", province="w.province", standard=STANDARD_THERE),
    "volume": VOLUME.format(shipment="s.id"),
}


class Option(NamedTuple):
    """A carrier that could take a parcel: for how much, in how many hours, and on which ground.

    `grams` are what it charges: the parcel's weight, or its volume's where that is more. `percent`
    is off already.
    """

    shipment_id: int
    carrier_id: int
    rule_id: int | None
    ground: Ground
    fee_fen: int | None
    hours: float | None
    grams: int
    percent: int


def chooses() -> bool:
    """Whether the house has said how carriers are chosen; else the preferred one takes all."""
    return any(model.objects.exists() for model in (CarrierRule, Tariff, Unserved))


def options(shipments: Sequence[int], *, now: datetime) -> dict[int, list[Option]]:
    """Return who could take each of the shipments, the best first; nobody: an empty list."""
    orders = Order.objects.filter(shipment_lines__shipment__in=list(shipments))
    rules = CarrierRule.objects.filter(is_on=True, carrier__is_active=True)
    ruled = first_met(rules, list(orders.values_list("pk", flat=True).distinct()), now=now)
    values: dict[str, Any] = {
        "ids": list(shipments),
        "on": timezone.localdate(now),
        "orders": list(ruled),
        "rules": [rule.pk for rule in ruled.values()],
        "carriers": [rule.carrier_id for rule in ruled.values()],
    }
    with connection.cursor() as cursor:
        cursor.execute(OPTIONS.format(**OF_PARCEL), values)
        rows = [Option(*row) for row in cursor.fetchall()]
    found = {pk: list(some) for pk, some in groupby(rows, attrgetter("shipment_id"))}
    return {pk: found.get(pk, []) for pk in shipments}


class Next(NamedTuple):
    """A carrier that would be asked after the one that was chosen."""

    carrier: Carrier
    fee_fen: int | None
    hours: float | None


def next_ones(shipment: int) -> list[Next]:
    """Return who would take a shipment if its carrier refused, as it was when that was chosen."""
    said = Carriage.objects.filter(shipment=shipment).values_list("others", flat=True).first() or []
    known = Carrier.objects.in_bulk([each["carrier"] for each in said])
    return [Next(known[each["carrier"]], each["fee_fen"], each["hours"]) for each in said]


def refused(shipment: int) -> list[Refusal]:
    """Return the carriers that did not take a shipment."""
    rows = Refusal.objects.filter(shipment_id=shipment).select_related("carrier")
    return list(rows.order_by("at"))
