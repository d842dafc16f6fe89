"""The board's figures over the API."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema

from gendan.insight.queries.board import board
from gendan.insight.queries.pipeline import Station
from gendan.people.api import key_of, needs

router = Router(tags=["figures"])


class StationOut(Schema):
    stage: str
    count: int
    slow: int
    stuck: int
    late: int
    soon: int
    median_seconds: int | None
    oldest_seconds: int | None


class SoldOut(Schema):
    placed_orders: int
    paid_orders: int
    placed_fen: int | None  # null without the scope insight.money
    paid_fen: int | None


class BoardOut(Schema):
    at: datetime
    orders: list[StationOut]
    shipments: list[StationOut]
    today: SoldOut
    month: SoldOut
    done_today: dict[str, int]


@router.get("/board", response=BoardOut, summary="Where everything stands now")
@needs("insight.see")
def figures(request: HttpRequest) -> Any:
    key = key_of(request)
    now, money = board(key, now=timezone.now()), key.may("insight.money")
    today, sales = now.sales.today, now.sales
    return {
        "at": now.at,
        "orders": [_station(one) for one in (*now.before, now.inside[0])],
        "shipments": [_station(one) for one in (*now.inside[1:], *now.outside)],
        "today": _sold(today.placed, today.paid, money),
        "month": _sold(sales.month_placed, sales.month_paid, money),
        "done_today": {flow.code: flow.count for flow in now.flows},
    }


def _station(station: Station) -> dict[str, Any]:
    return {
        "stage": station.code,
        **{name: getattr(station, name) for name in ("count", "slow", "stuck", "late", "soon")},
        "median_seconds": station.median and int(station.median.total_seconds()),
        "oldest_seconds": station.oldest and int(station.oldest.total_seconds()),
    }


def _sold(placed: Any, paid: Any, money: bool) -> dict[str, Any]:
    return {
        "placed_orders": placed.orders,
        "paid_orders": paid.orders,
        "placed_fen": placed.fen if money else None,
        "paid_fen": paid.fen if money else None,
    }
