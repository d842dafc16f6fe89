"""What was sold: placed and paid, by shop, today hour by hour and in the month so far."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone

from gendan.insight import days, links
from gendan.insight.queries.figures import figures
from gendan.insight.queries.hours import Lately, by_hour
from gendan.insight.queries.parts import CAME, Hour
from gendan.people.access import Worker
from gendan.people.models import Shop

PLACED = "placed_at = {} and stage not in (DRAFT, CANCELLED)"
PAID = "paid_at = {} and stage != DRAFT"


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
    """What was placed and paid in a time, in all and by shop."""

    placed: Sum = NONE
    paid: Sum = NONE
    shops: dict[int, Sum] = field(default_factory=lambda: defaultdict(Sum))  # what was placed

    def add(self, shop: int, *, placed: Sum = NONE, paid: Sum = NONE) -> None:
        self.placed += placed
        self.paid += paid
        self.shops[shop] += placed


def sold(rows: Sequence[Hour]) -> Sold:
    """Return what was placed and paid in some hours."""
    sums = Sold()
    for row in rows:
        if row.what == "placed":
            sums.add(row.shop, placed=Sum(row.rows, row.fen))
        elif row.what == "paid":
            sums.add(row.shop, paid=Sum(row.rows, row.fen))
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


def sales(worker: Worker, passed: Lately, *, now: datetime) -> Sales:
    """Return what is sold today and in this month."""
    so_far, (before, until) = sold(passed.today), _earlier_days(worker, now)
    return Sales(
        so_far,
        Sum(passed.yesterday_orders, passed.yesterday_fen),
        so_far.placed + before.placed,
        so_far.paid + before.paid,
        until,
        _of_shops(so_far, before),
        by_hour(passed.today, "placed")[: timezone.localtime(now).hour + 1],
    )


def _earlier_days(worker: Worker, now: datetime) -> tuple[Sold, datetime]:
    """Return what was sold in the month before today, and until when that was counted."""
    today = timezone.localdate(now)
    told, sums = figures(worker, days.month_so_far(today, until=today), [CAME]), Sold()
    for row in told.of(CAME):
        sums.add(row.shop, placed=Sum(row.placed, row.fen), paid=Sum(row.paid, row.paid_fen))
    return sums, told.until


def _of_shops(today: Sold, before: Sold) -> list[OfShop]:
    ids = today.shops.keys() | before.shops.keys()
    names = dict(Shop.objects.filter(pk__in=ids).values_list("pk", "name"))
    found = [
        OfShop(
            names[pk],
            today.shops[pk],
            today.shops[pk] + before.shops[pk],
            links.orders(f"{PLACED.format('today')} and shop = {pk}"),
        )
        for pk in ids
    ]
    return sorted(found, key=lambda one: (-one.today.fen, -one.month.fen))
