"""What stands in the way: short goods, holds, and work that waits for somebody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Count, Q
from django.utils.translation import get_language

from gendan.catalog.models import Sku
from gendan.insight import links
from gendan.people.access import Worker
from gendan.worklist.models import Item, Kind

MOST = 6

SHORT = """
SELECT s.sku_id, count(DISTINCT s.order_id), sum(s.missing)
FROM stock_shortage s JOIN orders_order o ON o.id = s.order_id
WHERE %(shops)s::bigint[] IS NULL OR o.shop_id = ANY(%(shops)s)
GROUP BY 1 ORDER BY 2 DESC, 3 DESC, 1
"""

HELD = """
SELECT r.code, r.name, r.name_en, h.severity, count(*)
FROM screening_hold h JOIN screening_rule r ON r.id = h.rule_id
JOIN orders_order o ON o.id = h.order_id
WHERE h.cleared_at IS NULL AND o.stage = 'HELD'
  AND (%(shops)s::bigint[] IS NULL OR o.shop_id = ANY(%(shops)s))
GROUP BY 1, 2, 3, 4 ORDER BY 5 DESC, 1
"""

TONES = {"BLOCK": "bad", "WARN": "warn", "NOTE": "info"}


@dataclass(frozen=True)
class ShortSku:
    sku: Sku
    orders: int
    missing: int
    url: str


@dataclass(frozen=True)
class Shorts:
    """Which goods are missing; the most wanted first."""

    kinds: int
    pieces: int
    worst: Sequence[ShortSku]


@dataclass(frozen=True)
class Held:
    """How many orders a rule holds."""

    name: str
    tone: str
    orders: int
    url: str


@dataclass(frozen=True)
class Waiting:
    """How much work of a kind waits, and how much of it is overdue."""

    label: str
    count: int
    late: int
    url: str


def shorts(worker: Worker) -> Shorts:
    """Return what is missing for orders of the worker's shops."""
    with connection.cursor() as cursor:
        cursor.execute(SHORT, {"shops": worker.shop_ids})
        rows = cursor.fetchall()
    skus = Sku.objects.in_bulk([row[0] for row in rows[:MOST]])
    worst = [
        ShortSku(
            skus[pk], orders, missing, links.orders(f'short = yes and sku = "{skus[pk].code}"')
        )
        for pk, orders, missing in rows[:MOST]
    ]
    return Shorts(len(rows), sum(row[2] for row in rows), worst)


def holds(worker: Worker) -> list[Held]:
    """Return how many held orders each rule holds, the busiest rule first."""
    with connection.cursor() as cursor:
        cursor.execute(HELD, {"shops": worker.shop_ids})
        rows = cursor.fetchall()
    english = (get_language() or "").startswith("en")
    return [
        Held(
            name_en if english and name_en else name,
            TONES[severity],
            number,
            links.orders(f'stage = HELD and hold = "{code}"'),
        )
        for code, name, name_en, severity, number in rows
    ]


def work_waiting(worker: Worker, *, now: datetime) -> list[Waiting]:
    """Return what waits for people, the most overdue kind first."""
    counted = (
        Item.objects.open()
        .visible_to(worker)
        .values_list("kind")
        .annotate(number=Count("pk"), late=Count("pk", filter=Q(due_at__lt=now)))
        .order_by("-late", "-number", "kind")
    )
    leads = worker.may("worklist.assign")
    return [
        Waiting(str(Kind(kind).label), number, late, links.work(kind) if leads else "")
        for kind, number, late in counted
    ]
