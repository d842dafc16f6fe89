"""Mistakes over the API: found, recorded, given a cause and an owner, closed; and the month."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema

from gendan.insight import days
from gendan.insight.actions import NewMistake, Verdict, attribute, close, record
from gendan.insight.lists import mistake_finder
from gendan.insight.models import Mistake, MistakeQuerySet
from gendan.insight.queries.mistakes import Heap, month_of_mistakes
from gendan.orders.models import Order
from gendan.people.api import all_of, key_of, needs
from gendan.people.models import Person
from gendan.ui.api import Page, page
from gendan.ui.api.paging import Asked

router = Router(tags=["mistakes"])
Day = Annotated[date, Field(ge=days.EARLIEST, le=days.LATEST)]


class MistakeOut(Schema):
    id: int
    order: str
    what: str
    sort: str = Field(description="PRICE, DATE, QUALITY, QUANTITY or OTHER.")
    because: str = Field(description="INFORMATION, SYSTEM, CHANGE; empty while it is not known.")
    owner: str | None = Field(description="The colleague's sign-in name.")
    team: str
    cost_fen: int
    is_estimate: bool = Field(description="Whether nobody has said the cost yet.")
    where: str
    source: str
    state: str
    found_at: datetime
    closed_at: datetime | None
    words: str
    done: str


class VerdictIn(Schema):
    because: str = Field(description="INFORMATION, SYSTEM or CHANGE.")
    owner: str = Field("", description="A colleague's sign-in name.")
    team: str = ""
    cost_fen: int | None = Field(None, ge=0)


class MistakeIn(VerdictIn):
    order: str
    what: str = Field(description="WRONG_ADDRESS, WRONG_GOODS, WRONG_QUANTITY, BROKEN_PROMISE, …")
    where: str = Field(description="SCREENING, PACKING, DELIVERY or CUSTOMER.")
    words: str = Field("", max_length=1000)
    done: str = Field("", max_length=1000, description="With it the mistake is closed at once.")


class MistakesIn(Schema):
    mistakes: list[MistakeIn] = Field(min_length=1, max_length=1_000)
    why: str = ""


class AttributeIn(VerdictIn):
    ids: list[int] = Field(min_length=1, max_length=1_000)
    why: str = ""


class CloseIn(Schema):
    ids: list[int] = Field(min_length=1, max_length=1_000)
    done: str
    why: str = ""


class HeapOut(Schema):
    code: str
    number: int
    cost_fen: int
    number_before: int
    cost_before_fen: int


class PastOut(Schema):
    on: date
    number: int
    cost_fen: int


class MonthOut(Schema):
    month: date
    number: int
    cost_fen: int
    estimated_fen: int = Field(description="How much of it nobody has said yet.")
    trend: list[PastOut] = Field(description="The last months up to this one.")
    by_what: list[HeapOut]
    by_cause: list[HeapOut]
    by_team: list[HeapOut]
    by_sort: list[HeapOut]


@router.get("", response=Page[MistakeOut], summary="Find mistakes")
@needs("insight.mistakes")
def mistakes(request: HttpRequest, asked: Asked) -> Any:
    seen = Mistake.objects.visible_to(key_of(request)).select_related("order", "owner")
    return page(seen, asked, mistake_finder, _told)


@router.post("", response=list[MistakeOut], summary="Record mistakes")
@needs("insight.mistakes")
def record_mistakes(request: HttpRequest, told: MistakesIn) -> Any:
    key, now = key_of(request), timezone.now()
    numbers = list(dict.fromkeys(one.order for one in told.mistakes))
    seen = all_of(Order.objects.visible_to(key), "number", numbers)
    orders, people = dict(seen.values_list("number", "pk")), _people(told.mistakes)
    news = [
        NewMistake(
            orders[one.order], one.what, one.where, _verdict(one, people), one.words, one.done
        )
        for one in told.mistakes
    ]
    made = record(news, by=key, now=now, why=told.why)
    return [_told(row) for row in made.select_related("order", "owner").order_by("pk")]


@router.post("/attribute", response=list[MistakeOut], summary="Give mistakes a cause and an owner")
@needs("insight.mistakes")
def attribute_mistakes(request: HttpRequest, told: AttributeIn) -> Any:
    chosen, verdict = _chosen(request, told.ids), _verdict(told, _people([told]))
    rows = attribute(chosen, verdict, by=key_of(request), now=timezone.now(), why=told.why)
    return [_told(row) for row in rows.select_related("order", "owner").order_by("pk")]


@router.post("/close", response=list[MistakeOut], summary="Say what was done about mistakes")
@needs("insight.mistakes")
def close_mistakes(request: HttpRequest, told: CloseIn) -> Any:
    chosen = _chosen(request, told.ids)
    rows = close(chosen, told.done, by=key_of(request), now=timezone.now(), why=told.why)
    return [_told(row) for row in rows.select_related("order", "owner").order_by("pk")]


@router.get("/month", response=MonthOut, summary="What a month's mistakes cost")
@needs("insight.mistakes")
def month(request: HttpRequest, on: Day | None = None) -> Any:
    report = month_of_mistakes(key_of(request), on or timezone.localdate())
    return {
        "month": report.on,
        "number": report.number,
        "cost_fen": report.cost_fen,
        "estimated_fen": report.estimated_fen,
        "trend": [asdict(month) for month in report.trend],
        "by_what": [_heap(heap) for heap in report.by_what],
        "by_cause": [_heap(heap) for heap in report.by_cause],
        "by_team": [_heap(heap) for heap in report.by_team],
        "by_sort": [_heap(heap) for heap in report.by_sort],
    }


def _chosen(request: HttpRequest, ids: list[int]) -> MistakeQuerySet:
    seen = Mistake.objects.visible_to(key_of(request))
    found: MistakeQuerySet = all_of(seen, "pk", list(dict.fromkeys(ids)))
    return found


def _people(told: list[Any]) -> dict[str, int]:
    names = [one.owner for one in told if one.owner]
    found = all_of(Person.objects.filter(is_active=True), "username", list(dict.fromkeys(names)))
    return dict(found.values_list("username", "pk")) if names else {}


def _verdict(one: VerdictIn, people: dict[str, int]) -> Verdict:
    return Verdict(one.because, people.get(one.owner), one.team, cost_fen=one.cost_fen)


def _heap(heap: Heap) -> dict[str, Any]:
    return {
        "code": heap.code,
        "number": heap.number,
        "cost_fen": heap.cost_fen,
        "number_before": heap.before,
        "cost_before_fen": heap.before_fen,
    }


def _told(row: Mistake) -> dict[str, Any]:
    names = MistakeOut.model_fields.keys() - {"order", "owner", "sort"}
    return {
        **{name: getattr(row, name) for name in names},
        "order": row.order.number,
        "owner": row.owner.username if row.owner else None,
        "sort": row.sort,
    }
