"""When goods can be there: what lies and comes, netted against everybody who waits before.

Nothing is promised that somebody before may need: each warehouse is asked whether it could serve
all who come first, and the order besides. So a date that is named can be kept.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import accumulate

from django.db import connection

from gendan.orders.stages import BEFORE_ITS_GOODS
from gendan.people.models import Warehouse
from gendan.stock.allocation import Place
from gendan.stock.presold import WAITS_FOR_ITS_DAY

HANDLING = timedelta(days=1)
"""So long after its goods a parcel leaves at the latest."""

# Orders whose goods were found short before anybody looked for them stand behind all others.
EARLY = """
SELECT order_id FROM stock_shortagecase
WHERE found_at = 'ORDER' AND state IN ('OPEN', 'ASKED', 'WAITING')"""

# Rests go first, then who was put first, then priority and payment: as they are served.
TURNS = f"""
WITH waiting AS (
  SELECT o.id AS order_id, l.sku_id, sum(l.quantity - l.shipped) AS pieces,
    CASE WHEN o.stage IN ('READY', 'SHORT') THEN 1 ELSE 2 END AS class, o.priority, o.paid_at
  FROM orders_order o JOIN orders_line l ON l.order_id = o.id
  WHERE (o.stage IN ('READY', 'SHORT') OR o.stage = ANY(%(early)s) AND o.id IN ({EARLY}))
    AND l.sku_id = ANY(%(skus)s) AND NOT l.is_cancelled
    AND NOT l.is_set AND l.refund_state <> 'REFUNDED' AND l.quantity > l.shipped
  GROUP BY o.id, l.sku_id
  UNION ALL
  SELECT o.id, r.sku_id, sum(r.quantity), 0, o.priority, o.paid_at
  FROM stock_rest r JOIN orders_order o ON o.id = r.order_id
  WHERE r.sku_id = ANY(%(skus)s) GROUP BY o.id, r.sku_id
), turn AS (
  SELECT w.order_id, w.sku_id, w.pieces, sum(w.pieces) OVER (
    PARTITION BY w.sku_id ORDER BY w.class, p.rank NULLS LAST, w.priority DESC, w.paid_at,
      w.order_id) AS through
  FROM waiting w LEFT JOIN (
    SELECT order_id, min(rank) AS rank FROM stock_precedence GROUP BY order_id) p USING (order_id)
)
SELECT order_id, sku_id, through FROM turn
WHERE %(orders)s::bigint[] IS NULL OR order_id = ANY(%(orders)s)
"""  # noqa: S608 (a condition of our own)
LYING = """
SELECT b.sku_id, b.warehouse_id, greatest(b.on_hand - b.reserved - k.safety_stock, 0)
FROM stock_balance b JOIN catalog_sku k ON k.id = b.sku_id WHERE b.sku_id = ANY(%s)
"""
# What should have come and did not has no date that could be named.
COMING = """
SELECT sku_id, warehouse_id, due_on, sum(quantity - arrived) FROM stock_expected
WHERE state = 'OPEN' AND sku_id = ANY(%s) AND due_on >= %s
GROUP BY sku_id, warehouse_id, due_on ORDER BY sku_id, warehouse_id, due_on
"""

# Who waits for which goods: short orders for all of theirs in one warehouse, rests for any. What is
# presold has a day of its own.
WAITS = f"""
SELECT o.id, o.warehouse_id, array_agg(DISTINCT l.sku_id)
FROM orders_order o JOIN orders_line l ON l.order_id = o.id
WHERE (o.stage = 'SHORT' OR o.stage = ANY(%(early)s) AND o.id IN ({EARLY}))
  AND l.sku_id IS NOT NULL AND NOT l.is_cancelled AND NOT l.is_set
  AND l.refund_state <> 'REFUNDED' AND l.quantity > l.shipped AND NOT {WAITS_FOR_ITS_DAY}
  AND (%(orders)s::bigint[] IS NULL OR o.id = ANY(%(orders)s))
GROUP BY o.id
UNION ALL
SELECT r.order_id, NULL, array_agg(DISTINCT r.sku_id)
FROM stock_rest r JOIN orders_line l ON l.id = r.line_id
WHERE (%(orders)s::bigint[] IS NULL OR r.order_id = ANY(%(orders)s)) AND NOT {WAITS_FOR_ITS_DAY}
GROUP BY r.order_id
"""  # noqa: S608 (conditions of our own)


@dataclass(frozen=True)
class Wait:
    """An order that waits for goods, all of them from one warehouse; none: from any."""

    order_id: int
    warehouse_id: int | None
    skus: Sequence[int]


@dataclass(frozen=True)
class Supply:
    """What lies free and what comes, by SKU and warehouse; and what is wanted up to each order."""

    lying: Mapping[Place, int]
    coming: Mapping[Place, Sequence[tuple[date, int]]]
    through: Mapping[tuple[int, int], int]  # (order, SKU) -> pieces up to and with it
    warehouses: Sequence[int]
    today: date

    def all_there_on(self, wait: Wait) -> date | None:
        """Return the first day on which one warehouse has everything for the order; or nothing."""
        wanted = {sku: self.through.get((wait.order_id, sku)) for sku in wait.skus}
        if None in wanted.values():
            return None
        places = [wait.warehouse_id] if wait.warehouse_id else self.warehouses
        days = (self._day(wanted, place) for place in places)
        return min((day for day in days if day), default=None)

    def enough_on(self, sku: int, pieces: int) -> date | None:
        """Return the first day on which one warehouse has so many pieces; or nothing."""
        days = (self._enough(sku, place, pieces) for place in self.warehouses)
        return min((day for day in days if day), default=None)

    def _day(self, wanted: Mapping[int, int | None], place: int) -> date | None:
        days = [self._enough(sku, place, pieces or 0) for sku, pieces in wanted.items()]
        known = [day for day in days if day]
        return max(known, default=self.today) if len(known) == len(days) else None

    def _enough(self, sku: int, place: int, pieces: int) -> date | None:
        there = self.lying.get((sku, place), 0)
        if there >= pieces:
            return self.today
        arrivals = self.coming.get((sku, place), ())
        sums = accumulate((n for _day, n in arrivals), initial=there)
        for (day, _n), sum_ in zip(arrivals, list(sums)[1:], strict=True):
            if sum_ >= pieces:
                return day
        return None


@dataclass(frozen=True)
class Day:
    """A day of the outlook: what comes, and what is left when all who wait have theirs."""

    on: date
    comes: int
    references: Sequence[str]
    left: int
    most: int = 1  # of the days shown: what a bar is measured by

    @property
    def short(self) -> int:
        """How many pieces are lacking on the day."""
        return max(0, -self.left)


def supply(skus: Iterable[int], *, today: date, orders: Sequence[int] | None = None) -> Supply:
    """Return what lies and comes of the SKUs, and what is wanted up to each order (or to these)."""
    chosen = sorted(set(skus))
    active = Warehouse.objects.filter(is_active=True).order_by("rank", "pk")
    with connection.cursor() as cursor:
        cursor.execute(LYING, [chosen])
        lying = {(sku, place): n for sku, place, n in cursor.fetchall()}
        cursor.execute(COMING, [chosen, today])
        coming: dict[Place, list[tuple[date, int]]] = defaultdict(list)
        for sku, place, day, pieces in cursor.fetchall():
            coming[sku, place].append((day, int(pieces)))
        asked = {"orders": list(orders) if orders else None, "early": [*BEFORE_ITS_GOODS]}
        cursor.execute(TURNS, {"skus": chosen, **asked})
        through = {(order, sku): int(n) for order, sku, n in cursor.fetchall()}
    return Supply(lying, coming, through, list(active.values_list("pk", flat=True)), today)


def waits(orders: Sequence[int] | None = None) -> list[Wait]:
    """Return who of these orders, or of all, waits for goods."""
    with connection.cursor() as cursor:
        chosen = None if orders is None else list(orders)
        cursor.execute(WAITS, {"orders": chosen, "early": [*BEFORE_ITS_GOODS]})
        return [Wait(*row) for row in cursor.fetchall()]


def served_on(waiting: Sequence[Wait], stock: Supply) -> dict[int, date]:
    """Return for orders (by id) the day on which all is there that they wait for, if one is known.

    It is the one date of short goods: what customers are told, and what the forecast reckons with.
    """
    days = ((wait.order_id, stock.all_there_on(wait)) for wait in waiting)
    return {order: day for order, day in days if day}


def expected_on(*, today: date) -> dict[int, date]:
    """Return for all who wait for goods (by order id) the day on which those are there."""
    waiting = waits()
    if not waiting:
        return {}
    wanted = {sku for wait in waiting for sku in wait.skus}
    return served_on(waiting, supply(wanted, today=today, orders=[w.order_id for w in waiting]))


def outlook(sku: int, *, today: date, days: int = 28) -> list[Day]:
    """Return how much of a SKU is left over on the days on which some comes, and today."""
    stock = supply([sku], today=today)
    wanted = max((n for (_order, one), n in stock.through.items() if one == sku), default=0)
    left = sum(n for (one, _place), n in stock.lying.items() if one == sku) - wanted
    comes: dict[date, int] = defaultdict(int)
    for (_one, _place), arrivals in stock.coming.items():
        for day, pieces in arrivals:
            if day <= today + timedelta(days=days):
                comes[day] += pieces
    named = _references(sku, today)
    shown = [Day(today, comes.get(today, 0), named.get(today, ()), left + comes.get(today, 0))]
    for day in sorted(set(comes) - {today}):
        shown.append(Day(day, comes[day], named.get(day, ()), shown[-1].left + comes[day]))
    most = max(abs(day.left) for day in shown) or 1
    return [replace(day, most=most) for day in shown]


def _references(sku: int, today: date) -> dict[date, list[str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT due_on, array_agg(reference ORDER BY reference) FROM stock_expected "
            "WHERE state = 'OPEN' AND sku_id = %s AND due_on >= %s GROUP BY due_on",
            [sku, today],
        )
        return dict(cursor.fetchall())
