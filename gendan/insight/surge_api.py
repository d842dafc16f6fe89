"""Big days over the API: planned, on and over, and where the queue grows."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Router, Schema, Status

from gendan.insight.queries.surge import counted
from gendan.orders.actions import surge
from gendan.orders.models.surge import BigDay
from gendan.people.api import key_of, needs

router = Router(tags=["big days"])
SCOPE = "warehouse.surge"
MOST = 2_147_483_647  # that the columns hold


class BigDayIn(Schema):
    name: str = Field(min_length=1, max_length=60)
    starts_above: int | None = Field(
        None, gt=0, le=MOST, description="Orders an hour; null: by hand."
    )
    ends_below: int | None = Field(
        None, gt=0, le=MOST, description="Orders an hour; null: by hand."
    )
    makes_waves: bool = True
    wave_limit: int = Field(200, gt=0, le=32_767, description="Shipments in a wave.")
    why: str = ""


class BigDayOut(Schema):
    id: int
    name: str
    starts_above: int | None
    ends_below: int | None
    makes_waves: bool
    wave_limit: int
    began_at: datetime | None
    ended_at: datetime | None


class Why(Schema):
    why: str = ""


class QueueOut(Schema):
    stage: str = Field(validation_alias="code")
    waiting: int = Field(validation_alias="backlog")
    came: int = Field(description="Within the last hour.")
    went: int
    hours: float | None = Field(description="Of work that waits; null: nothing went on.")
    grows: bool


@router.get("", response=list[BigDayOut], summary="Big days, the latest first")
@needs(SCOPE)
def big_days(request: HttpRequest) -> Any:
    return BigDay.objects.order_by("-pk")[:100]


@router.post("", response={201: BigDayOut}, summary="Plan a big day")
@needs(SCOPE)
def plan(request: HttpRequest, said: BigDayIn) -> Any:
    return Status(201, _saved(request, BigDay(), said))


@router.get("/queues", response=list[QueueOut], summary="What waits, came and went within an hour")
@needs(SCOPE)
def where_it_grows(request: HttpRequest) -> Any:
    """Of what the key sees: its shops and warehouses."""
    return counted(key_of(request), now=timezone.now()).queues()


@router.put("/{pk}", response=BigDayOut, summary="Change how a big day goes")
@needs(SCOPE)
def change(request: HttpRequest, pk: int, said: BigDayIn) -> Any:
    return _saved(request, get_object_or_404(BigDay, pk=pk), said)


@router.post("/{pk}/begin", response=BigDayOut, summary="Switch the house to a big day")
@needs(SCOPE)
def begin(request: HttpRequest, pk: int, said: Why) -> Any:
    day = get_object_or_404(BigDay, pk=pk)
    return surge.begin(day, by=key_of(request), now=timezone.now(), why=said.why)


@router.post("/{pk}/end", response=BigDayOut, summary="Switch the house back")
@needs(SCOPE)
def end(request: HttpRequest, pk: int, said: Why) -> Any:
    day = get_object_or_404(BigDay, pk=pk)
    return surge.end(day, by=key_of(request), now=timezone.now(), why=said.why)


def _saved(request: HttpRequest, day: BigDay, said: BigDayIn) -> BigDay:
    for name, value in said.model_dump(exclude={"why"}).items():
        setattr(day, name, value)
    return surge.save_big_day(day, by=key_of(request), why=said.why)
