"""What one person, key, job or channel did on a day, act by act."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Min
from django.urls import NoReverseMatch, reverse

from gendan.insight.days import Span
from gendan.journal.models import Entry
from gendan.journal.queries import Act, Doer, done_by, entries_of
from gendan.journal.sentences import sentence, verb_label
from gendan.orders.models import Order
from gendan.people.access import Worker
from gendan.warehouse.models import Shipment

PAGE = 50


@dataclass(frozen=True)
class VerbCount:
    verb: str
    label: str
    acts: int


@dataclass(frozen=True)
class Shown:
    """An act with links to the pages of what it was about."""

    act: Act
    links: Sequence[tuple[str, str]]  # number, address


@dataclass(frozen=True)
class DayOf:
    """Somebody's day: how often they did what, from when to when, and a page of their acts."""

    verbs: Sequence[VerbCount]
    first_at: datetime | None
    last_at: datetime | None
    acts: Sequence[Shown]
    older: int | None  # the entry before which the next page begins

    @property
    def total(self) -> int:
        return sum(verb.acts for verb in self.verbs)


def day_of(doer: Doer, worker: Worker, span: Span, *, verb: str, before: int | None) -> DayOf:
    """Return what somebody did on a day, with links to what the worker may see."""
    everything = entries_of(doer, since=span.since, until=span.until)
    ends = everything.order_by().aggregate(first=Min("at"), last=Max("at"))
    counted = everything.order_by().values_list("verb").annotate(acts=Count("pk"))
    acts = done_by(
        doer, since=span.since, until=span.until, verb=verb, before=before, limit=PAGE + 1
    )
    return DayOf(
        [VerbCount(v, verb_label(v), n) for v, n in sorted(counted, key=lambda row: -row[1])],
        ends["first"],
        ends["last"],
        _linked(acts[:PAGE], worker),
        acts[PAGE - 1].entry.pk if len(acts) > PAGE else None,
    )


def _linked(acts: Sequence[Act], worker: Worker) -> list[Shown]:
    touched: dict[str, set[int]] = defaultdict(set)
    for act in acts:
        for table, pk in act.touched:
            touched[table].add(pk)
    pages = _pages(Order, "order", touched["orders_order"], worker)
    pages |= _pages(Shipment, "shipment", touched["warehouse_shipment"], worker)
    return [
        Shown(act, [pages[subject] for subject in act.touched if subject in pages]) for act in acts
    ]


def _pages(
    model: type[Order] | type[Shipment], page: str, ids: set[int], worker: Worker
) -> dict[tuple[str, int], tuple[str, str]]:
    seen = model.objects.visible_to(worker).filter(pk__any=list(ids)).values_list("pk", "number")
    table = model._meta.db_table
    return {(table, pk): (number, _address(page, number)) for pk, number in seen}


def _address(page: str, number: str) -> str:
    try:
        return reverse(page, args=[number])
    except NoReverseMatch:
        return ""


def lines(doer: Doer, span: Span, *, verb: str) -> Iterator[tuple[datetime, Sequence[str]]]:
    """Return what somebody did as the lines of a file: when, and who, act, sentence, why."""
    entries = entries_of(doer, since=span.since, until=span.until, verb=verb)
    for entry in entries.iterator(chunk_size=1_000):
        yield entry.at, (entry.actor_name, verb_label(entry.verb), sentence(entry), entry.why)


def order_numbered(text: str, worker: Worker) -> Order | None:
    """Return the order of that number, or of that number at its platform."""
    seen, text = Order.objects.visible_to(worker), text.strip()
    return (
        seen.filter(number=text.upper()).first()
        or seen.filter(platform_order=text).exclude(platform_order="").first()
    )


def name_of(kind: str, actor_id: int) -> str:
    """Return by what name somebody acted last."""
    acted = Entry.objects.filter(actor_kind=kind, actor_id=actor_id).order_by("-at")
    return acted.values_list("actor_name", flat=True).first() or "—"
