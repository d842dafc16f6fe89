"""The weekly quality sample of sent documents over the API: what was drawn, and what was wrong."""

from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema

from gendan.orders.actions.sample import Found
from gendan.orders.actions.sample import judge as judge_samples
from gendan.orders.actions.sample import judge_again as reopen_samples
from gendan.orders.models import Fault, Sample, SampleQuerySet
from gendan.orders.models.sampling import monday_of
from gendan.orders.queries.faults import faults_by_clerk
from gendan.orders.sampled import SAMPLES
from gendan.people.api import all_of, key_of, needs
from gendan.ui.api import Page, page
from gendan.ui.api.paging import Asked

router = Router(tags=["samples"])


class FaultTold(Schema):
    """One thing that is wrong with a document; each kind once."""

    kind: Fault
    words: str = Field(max_length=500, description="What was found.")


class SampleOut(Schema):
    id: int
    week: date = Field(description="Its Monday.")
    order: str
    version: int
    made_by: str | None
    judged_at: datetime | None
    faults: list[FaultTold] = Field(description="Empty once judged: the document is right.")


class ChosenSamples(Schema):
    """A set of drawn documents, and why."""

    ids: list[int] = Field(min_length=1, max_length=1_000)
    why: str = ""


class JudgedIn(ChosenSamples):
    faults: list[FaultTold] = Field(
        default_factory=list, max_length=len(Fault), description="None: the documents are right."
    )


class RecordOut(Schema):
    made_by: str
    sent: int
    judged: int
    wrong: int = Field(description="Documents with at least one fault.")
    faults: int = Field(description="A document may have several.")
    kinds: dict[str, int]


@router.get("", response=Page[SampleOut], summary="Documents drawn for quality checks")
@needs("orders.sample")
def drawn(request: HttpRequest, asked: Asked) -> Any:
    """Return drawn documents that a search finds, the newest first."""
    return page(SAMPLES.rows(key_of(request)), asked, SAMPLES.finder, _told)


@router.post("/judge", response=list[SampleOut], summary="Say what is wrong, or that all is right")
@needs("orders.sample")
def judge(request: HttpRequest, judged: JudgedIn) -> Any:
    found = [Found(fault.kind, fault.words) for fault in judged.faults]
    chosen, by = _chosen(request, judged.ids), key_of(request)
    done = judge_samples(chosen, found, by=by, now=timezone.now(), why=judged.why)
    return [_told(row) for row in _shown(done)]


@router.post("/judge-again", response=list[SampleOut], summary="Take judgements back")
@needs("orders.sample")
def judge_again(request: HttpRequest, chosen: ChosenSamples) -> Any:
    rows, by = _chosen(request, chosen.ids), key_of(request)
    reopen_samples(rows, by=by, now=timezone.now(), why=chosen.why)
    return [_told(row) for row in _shown(Sample.objects.filter(pk__any=chosen.ids))]


@router.get("/records", response=list[RecordOut], summary="Documents with faults, by who made them")
@needs("orders.sample")
def records(request: HttpRequest, weeks: int = 12) -> Any:
    since = monday_of(timezone.localdate()) - timedelta(weeks=max(1, min(weeks, 200)))
    names = ("sent", "judged", "wrong", "faults")
    return [
        {
            "made_by": record.name,
            **{name: getattr(record, name) for name in names},
            "kinds": dict(record.kinds),
        }
        for record in faults_by_clerk(key_of(request), since)
    ]


def _chosen(request: HttpRequest, ids: list[int]) -> SampleQuerySet:
    found: SampleQuerySet = all_of(Sample.objects.visible_to(key_of(request)), "pk", ids)
    return found


def _shown(rows: SampleQuerySet) -> SampleQuerySet:
    known = rows.select_related("confirmation__order", "confirmation__made_by")
    shown: SampleQuerySet = known.prefetch_related("faults").order_by("pk")
    return shown


def _told(row: Sample) -> dict[str, Any]:
    sent = row.confirmation
    return {
        "id": row.pk,
        "week": row.week,
        "order": sent.order.number,
        "version": sent.version,
        "made_by": sent.made_by.name if sent.made_by else None,
        "judged_at": row.judged_at,
        "faults": [{"kind": fault.kind, "words": fault.words} for fault in row.faults.all()],
    }
