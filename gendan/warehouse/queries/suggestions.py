"""Orders and parcels that could share a parcel, but will not by themselves."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from gendan.orders.stages import Stage as OrderStage
from gendan.warehouse.models import CombineRules
from gendan.warehouse.queries.company import GOES_ALONE, SPLIT_BY_HAND, WHO
from gendan.warehouse.stages import Stage
from gendan.warehouse.weighing import PACKAGING_G

# What is still to become a parcel (by the stage of the order), and the parcels that goods can
# still be moved between. Only where several of them have one address is anything else asked.
UNITS = f"""
WITH loose AS MATERIALIZED (
  SELECT id FROM orders_order WHERE stage IN ('SCREENING', 'HELD', 'READY', 'SHORT')
  UNION
  SELECT l.order_id FROM stock_reservation r JOIN orders_line l ON l.id = r.line_id
  WHERE NOT EXISTS (SELECT FROM warehouse_shipmentline sl WHERE sl.order_id = l.order_id)
    AND (SELECT stage FROM orders_order WHERE id = l.order_id) = 'ALLOCATED'
), places AS MATERIALIZED (
  SELECT place_key FROM (
    SELECT place_key FROM warehouse_shipment
    WHERE stage IN ('PLANNED', 'RELEASED') AND cod_fen = 0
    UNION ALL SELECT place_key FROM orders_order WHERE id IN (SELECT id FROM loose)
  ) p WHERE place_key <> '' GROUP BY place_key HAVING count(*) > 1
)
SELECT o.shop_id, {WHO}, o.place_key, o.receiver_name, o.receiver_phone,
  NULL::bigint, o.number, o.stage, o.warehouse_id, NULL::bigint, ARRAY[o.id], ARRAY[o.number],
  o.placed_at, o.placed_at, o.total_fen, (
    SELECT coalesce(sum(l.quantity * k.weight_g), 0) FROM orders_line l
    JOIN catalog_sku k ON k.id = l.sku_id WHERE l.order_id = o.id AND NOT l.is_cancelled),
  o.priority, o.province || o.city
FROM orders_order o JOIN loose USING (id)
WHERE o.place_key IN (SELECT place_key FROM places) AND NOT ({GOES_ALONE})
UNION ALL
SELECT s.shop_id, {WHO}, s.place_key, s.receiver_name, s.receiver_phone,
  s.id, s.number, s.stage, s.warehouse_id, s.carrier_id, f.ids, f.numbers,
  f.first_at, f.last_at, f.fen, greatest(s.expected_g - %(packaging_g)s, 0),
  s.priority, s.province || s.city
FROM warehouse_shipment s
CROSS JOIN LATERAL (
  SELECT array_agg(i.id ORDER BY i.id) AS ids, array_agg(i.number ORDER BY i.id) AS numbers,
    min(i.placed_at) AS first_at, max(i.placed_at) AS last_at, sum(i.total_fen)::bigint AS fen
  FROM orders_order i WHERE i.id IN (
    SELECT order_id FROM warehouse_shipmentline WHERE shipment_id = s.id)) f
JOIN orders_order o ON o.id = f.ids[1] AND NOT ({GOES_ALONE})
WHERE s.stage IN ('PLANNED', 'RELEASED') AND s.cod_fen = 0
  AND s.place_key IN (SELECT place_key FROM places) AND NOT {SPLIT_BY_HAND}
ORDER BY 1, 2, 3, 4, 5, 7
"""  # noqa: S608 (conditions from the tables of `company`)

STAND_STILL = (OrderStage.HELD, OrderStage.SHORT, Stage.RELEASED)
NOT_LOOKED_AT = (OrderStage.SCREENING, OrderStage.HELD)


@dataclass(frozen=True)
class Unit:
    """An order without a parcel, or a parcel."""

    shipment_id: int | None
    number: str
    stage: str
    warehouse_id: int | None
    carrier_id: int | None
    order_ids: Sequence[int]
    orders: Sequence[str]
    first_at: datetime
    last_at: datetime
    fen: int
    grams: int
    priority: int
    region: str


@dataclass(frozen=True)
class Suggestion:
    """Units of one receiver. With a warehouse: parcels there that only a person can combine."""

    shop_id: int
    receiver: str
    units: Sequence[Unit]
    warehouse_id: int | None = None

    @property
    def first_order(self) -> int:
        return min(pk for unit in self.units for pk in unit.order_ids)

    @property
    def orders(self) -> list[str]:
        return list(dict.fromkeys(number for unit in self.units for number in unit.orders))


def suggestions(rules: CombineRules) -> Iterator[Suggestion]:
    """Yield what a person should look at; what goes together by itself is left out.

    Before planning: something of the company is held or lacks stock, or lies in a wave, while the
    rest could go. After planning: several parcels of one warehouse and carrier. Orders that are
    all still being looked at wait on the screening desk, not here.
    """
    for (shop, _who, _place, receiver, _phone), units in _by_receiver().items():
        parcels: dict[tuple[int | None, int | None], list[Unit]] = defaultdict(list)
        for unit in units:
            if unit.shipment_id:
                parcels[unit.warehouse_id, unit.carrier_id].append(unit)
        alerts = [group for group in parcels.values() if len(group) > 1]
        for group in alerts:
            if _fits(group, rules):
                yield Suggestion(shop, receiver, group, group[0].warehouse_id)
        if not alerts and _undecided(units) and _fits(units, rules):
            yield Suggestion(shop, receiver, units)


def _by_receiver() -> dict[tuple[int, str, str, str, str], list[Unit]]:
    found: dict[tuple[int, str, str, str, str], list[Unit]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(UNITS, {"packaging_g": PACKAGING_G})
        for row in cursor.fetchall():
            found[row[:5]].append(Unit(*row[5:]))
    return {key: units for key, units in found.items() if len(units) > 1}


def _undecided(units: Sequence[Unit]) -> bool:
    stuck = any(unit.stage in STAND_STILL for unit in units)
    return (
        stuck
        and any(unit.stage not in NOT_LOOKED_AT for unit in units)
        and any(unit.shipment_id is None for unit in units)
    )


def _fits(units: Sequence[Unit], rules: CombineRules) -> bool:
    apart = max(unit.last_at for unit in units) - min(unit.first_at for unit in units)
    return not (
        (rules.within_days is not None and apart > timedelta(days=rules.within_days))
        or (rules.most_fen and sum(unit.fen for unit in units) > rules.most_fen)
        or (rules.most_g and sum(unit.grams for unit in units) > rules.most_g)
    )
