"""What was sold: placed and paid, by shop, today hour by hour and in the month so far."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import connection
from django.utils import timezone

from gendan.insight import days, links
from gendan.insight.days import Span
from gendan.insight.queries.figures import figures
from gendan.insight.queries.parts import CAME
from gendan.insight.remembering import remembered
from gendan.people.access import Worker
from gendan.people.models import Shop

KEEP = 60  # seconds that the hours before this one are remembered
PLACED = "placed_at = {} and stage not in (DRAFT, CANCELLED)"
PAID = "paid_at = {} and stage != DRAFT"

BY_HOUR = """
SELECT shop_id, extract(hour FROM at AT TIME ZONE 'Asia/Shanghai')::int, what, count(*), sum(fen)
FROM (
  SELECT shop_id, placed_at AS at, 'placed' AS what, total_fen AS fen FROM orders_order
  WHERE placed_at >= %(since)s AND placed_at < %(until)s AND stage NOT IN ('DRAFT', 'CANCELLED')
  UNION ALL
  SELECT shop_id, paid_at, 'paid', paid_fen FROM orders_order
  WHERE paid_at >= %(since)s AND paid_at < %(until)s AND stage <> 'DRAFT'
) sold WHERE %(shops)s::bigint[] IS NULL OR shop_id = ANY(%(shops)s) GROUP BY 1, 2, 3
"""


@dataclass(frozen=True)
class Sum:
    """Some orders and what they amount to."""

    orders: int = 0
    fen: int = 0

    def __add__(self, other: "Sum") -> "Sum":
        return Sum(self.orders + other.orders, self.fen + other.fen)


NONE = Sum()


@dataclass
class Sold:
    """What was placed and paid in a time, by shop and by hour of the day."""

    placed: Sum = NONE
    paid: Sum = NONE
    shops: dict[int, tuple[Sum, Sum]] = field(default_factory=dict)
    hours: list[Sum] = field(default_factory=lambda: [NONE] * 24)

    def add(self, shop: int, hour: int, what: str, more: Sum) -> None:
        placed, paid = self._of(shop)
        if what == "paid":
            self.paid += more
            self.shops[shop] = placed, paid + more
            return
        self.placed += more
        self.hours[hour] += more
        self.shops[shop] = placed + more, paid

    def __add__(self, other: "Sold") -> "Sold":
        shops = {}
        for pk in self.shops.keys() | other.shops.keys():
            (placed, paid), (more_placed, more_paid) = self._of(pk), other._of(pk)
            shops[pk] = placed + more_placed, paid + more_paid
        hours = [one + more for one, more in zip(self.hours, other.hours, strict=True)]
        return Sold(self.placed + other.placed, self.paid + other.paid, shops, hours)

    def _of(self, shop: int) -> tuple[Sum, Sum]:
        return self.shops.get(shop, (NONE, NONE))


def sold(worker: Worker, span: Span) -> Sold:
    """Return what was placed and paid in a time, of the shops that the worker sees."""
    values = {"since": span.since, "until": span.until, "shops": worker.shop_ids}
    sums = Sold()
    with connection.cursor() as cursor:
        cursor.execute(BY_HOUR, values)
        for shop, hour, what, orders, fen in cursor.fetchall():
            sums.add(shop, hour, what, Sum(orders, int(fen or 0)))
    return sums


@dataclass(frozen=True)
class OfShop:
    name: str
    today: Sum
    month: Sum
    url: str


@dataclass(frozen=True)
class Sales:
    """Today's and this month's sales, with yesterday's until the same time of the day."""

    today: Sold
    yesterday: Sum
    month_placed: Sum
    month_paid: Sum
    month_until: datetime  # when the month's days before today were counted
    shops: Sequence[OfShop]
    hours: Sequence[int]  # orders placed, hour by hour until now

    @property
    def links(self) -> dict[str, str]:
        """Return the lists of what was counted."""
        return {
            "placed": links.orders(PLACED.format("today")),
            "paid": links.orders(PAID.format("today")),
            "month_placed": links.orders(PLACED.format("this-month")),
            "month_paid": links.orders(PAID.format("this-month")),
        }

    @property
    def most(self) -> Sum:
        """Return the most that one shop sold today: the full length of a bar."""
        fen = max((shop.today.fen for shop in self.shops), default=0)
        return Sum(max((shop.today.orders for shop in self.shops), default=0), fen)

    @property
    def against_yesterday(self) -> int | None:
        """Return by how many per cent more was sold than yesterday by now; None without any."""
        before = self.yesterday.fen
        return round((self.today.placed.fen - before) * 100 / before) if before else None


def sales(worker: Worker, *, now: datetime) -> Sales:
    """Return what is sold today and in this month."""
    midnight, hour = days.midnight(timezone.localdate(now)), days.hour_of(now)
    today = sold(worker, Span(hour, now + timedelta(days=1)))
    if hour > midnight:
        today += remembered("sold", worker, Span(midnight, hour), sold, keep=KEEP)
    before, until = _earlier_days(worker, timezone.localdate(now))
    return Sales(
        today,
        _yesterday(worker, midnight, now),
        today.placed + before.placed,
        today.paid + before.paid,
        until,
        _of_shops(today, before),
        [one.orders for one in today.hours[: timezone.localtime(now).hour + 1]],
    )


def _earlier_days(worker: Worker, today: date) -> tuple[Sold, datetime]:
    """Return what was sold in the month before today, and until when that was counted."""
    told, sums = figures(worker, days.month_so_far(today, until=today), [CAME]), Sold()
    for row in told.of(CAME):
        sums.add(row.shop, 0, "placed", Sum(row.placed, row.fen))
        sums.add(row.shop, 0, "paid", Sum(row.paid, row.paid_fen))
    return sums, told.until


def _yesterday(worker: Worker, midnight: datetime, now: datetime) -> Sum:
    """Return what was placed yesterday until the same minute."""
    day, minute = timedelta(days=1), now.replace(second=0, microsecond=0)
    return remembered("sold", worker, Span(midnight - day, minute - day), sold, keep=KEEP).placed


def _of_shops(today: Sold, before: Sold) -> list[OfShop]:
    ids = today.shops.keys() | before.shops.keys()
    names = dict(Shop.objects.filter(pk__in=ids).values_list("pk", "name"))
    found = [
        OfShop(
            names[pk],
            today.shops.get(pk, (NONE, NONE))[0],
            today.shops.get(pk, (NONE, NONE))[0] + before.shops.get(pk, (NONE, NONE))[0],
            links.orders(f"{PLACED.format('today')} and shop = {pk}"),
        )
        for pk in ids
    ]
    return sorted(found, key=lambda one: (-one.today.fen, -one.month.fen))
