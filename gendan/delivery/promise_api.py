"""Promises and the urgent lane over the API."""

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema
from pydantic import AwareDatetime

from gendan.delivery.actions.promise import promise_anew, propose, take_back
from gendan.delivery.models import Forecast, PartForecast
from gendan.delivery.promises import PROMISES
from gendan.delivery.queries.lane import runners
from gendan.orders import actions
from gendan.orders.actions.urge import save_lane_rules
from gendan.orders.api import Brief, Chosen
from gendan.orders.models import Order, OrderQuerySet
from gendan.orders.queries.haste import BEYOND, lane_rules
from gendan.people.api import all_of, key_of, needs
from gendan.ui.api import Page, page
from gendan.ui.api.paging import Asked

promises = Router(tags=["promises"])
lane = Router(tags=["urgent lane"])


class PartOut(Schema):
    parcel: str = Field(description="Its number; empty: what follows later.")
    step: str = Field(description="Where it stands; empty once it has left.")
    promise_at: datetime | None
    forecast_ship_at: datetime
    forecast_arrive_at: datetime | None


class ForecastOut(Schema):
    order: str
    promise_at: datetime | None
    promise_source: str = Field(description="AGREED, WISH, PLATFORM, LEAD_TIME or HOURS.")
    forecast_ship_at: datetime
    forecast_arrive_at: datetime | None
    arrive_source: str = Field(
        description="Hours on the way: MEASURED, STANDARD or ASSUMED; empty: it has arrived."
    )
    risk: str = Field(description="NONE, AT_RISK (will be late) or LATE.")
    fen_at_risk: int
    step: str = Field(description="Where it stands; empty once it has left.")
    ahead: int = Field(description="Orders in front of it at the packing tables.")
    counted_at: datetime
    parts: list[PartOut] = Field(description="What travels apart, each with its dates.")


class Dated(Chosen):
    at: AwareDatetime = Field(description="The other date.")


class Offered(Dated):
    channel: Literal["CHAT", "MAIL", "PHONE"] = "CHAT"


class MessageOut(Schema):
    id: int
    number: str
    text: str
    state: str


class RunnerOut(Schema):
    order: str = Field(validation_alias="number")
    step: str | None
    since: datetime
    due_at: datetime | None
    declared_by: str = Field(validation_alias="declared_name")
    declared_at: datetime = Field(validation_alias="at")
    why: str
    displaced: int


class LaneRulesIO(Schema):
    """How many orders a day may be declared urgent; minutes of business hours for each step."""

    a_day: int = Field(ge=0, le=32_767)
    screening_minutes: int = Field(ge=0, le=32_767)
    stock_minutes: int = Field(ge=0, le=32_767)
    wave_minutes: int = Field(ge=0, le=32_767)
    packing_minutes: int = Field(ge=0, le=32_767)
    hand_over_minutes: int = Field(ge=0, le=32_767)


class LaneRulesIn(LaneRulesIO):
    why: str = Field("", max_length=500)


@promises.get("", response=Page[ForecastOut], summary="Forecasts of the orders under way")
@needs("delivery.see")
def forecasts(request: HttpRequest, asked: Asked) -> Any:
    """Find forecasts: `q=risk = AT_RISK and at_risk > 200`."""
    rows = PROMISES.rows(key_of(request)).prefetch_related("order__parts__shipment")
    return page(rows, asked, PROMISES.finder, _forecast)


@promises.post("/offer", response=list[MessageOut], summary="Draft the offer of another date")
@needs("delivery.promise")
def offer(request: HttpRequest, offered: Offered) -> Any:
    """Draft a message to each customer; it is sent from the desk. `why` is required."""
    return propose(
        _chosen(request, offered.numbers),
        at=offered.at,
        by=key_of(request),
        now=timezone.now(),
        why=offered.why,
        channel=offered.channel,
    )


@promises.post("/promise", response=list[Brief], summary="Promise another date; `why` is required")
@needs("delivery.promise")
def promise(request: HttpRequest, dated: Dated) -> Any:
    orders, now = _chosen(request, dated.numbers), timezone.now()
    return promise_anew(orders, at=dated.at, by=key_of(request), now=now, why=dated.why)


@promises.post("/withdraw", response=int, summary="Take the offer of another date back")
@needs("delivery.promise")
def withdraw(request: HttpRequest, chosen: Chosen) -> Any:
    orders, now = _chosen(request, chosen.numbers), timezone.now()
    return take_back(orders, by=key_of(request), now=now, why=chosen.why)


@lane.get("", response=list[RunnerOut], summary="The urgent lane, the shortest clock first")
@needs("orders.see")
def urgent(request: HttpRequest) -> Any:
    return runners(key_of(request))


@lane.get("/rules", response=LaneRulesIO, summary="The rules of the urgent lane")
@needs("orders.see")
def rules(request: HttpRequest) -> Any:
    return lane_rules()


@lane.put("/rules", response=LaneRulesIO, summary="Change the rules of the urgent lane")
@needs(BEYOND)
def set_rules(request: HttpRequest, said: LaneRulesIn) -> Any:
    found = lane_rules()
    for name, value in said.model_dump(exclude={"why"}).items():
        setattr(found, name, value)
    return save_lane_rules(found, by=key_of(request), why=said.why)


@lane.post("/declare", response=list[Brief], summary="Declare orders urgent; `why` is required")
@needs("orders.urge")
def declare(request: HttpRequest, chosen: Chosen) -> Any:
    orders, now = _chosen(request, chosen.numbers), timezone.now()
    return actions.urge(orders, by=key_of(request), why=chosen.why, now=now)


@lane.post("/take-away", response=list[Brief], summary="Take orders out; `why` is required")
@needs("orders.urge")
def take_away(request: HttpRequest, chosen: Chosen) -> Any:
    orders, now = _chosen(request, chosen.numbers), timezone.now()
    return actions.urge(orders, by=key_of(request), why=chosen.why, urgent=False, now=now)


def _chosen(request: HttpRequest, numbers: list[str]) -> OrderQuerySet:
    found: OrderQuerySet = all_of(Order.objects.visible_to(key_of(request)), "number", numbers)
    return found


def _forecast(row: Forecast) -> dict[str, Any]:
    order: Any = row.order  # its type does not know what later rooms keep of it
    own = ForecastOut.model_fields.keys() - {"order", "promise_at", "parts"}
    return {
        "order": order.number,
        "promise_at": order.promise_at,
        **{name: getattr(row, name) for name in own},
        "parts": [_part(part) for part in order.parts.all()],
    }


def _part(part: PartForecast) -> dict[str, Any]:
    own = PartOut.model_fields.keys() - {"parcel"}
    named = {name: getattr(part, name) for name in own}
    return {"parcel": part.shipment.number if part.shipment else "", **named}
