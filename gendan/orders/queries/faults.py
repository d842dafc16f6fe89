"""How many documents were sent, and how many of them were right, by who made them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from gendan.orders.models import Confirmation, Fault, Sample, SampleFault
from gendan.people.access import Worker

WRONG = Exists(SampleFault.objects.filter(sample=OuterRef("pk")))  # of a sample


@dataclass(frozen=True)
class Record:
    """One clerk's documents: all that were sent, and of those that were drawn the judged ones."""

    name: str
    sent: int
    judged: int
    wrong: int  # documents with at least one fault
    kinds: Sequence[tuple[str, int]]  # a document may have several

    @property
    def faults(self) -> int:
        return sum(number for _label, number in self.kinds)

    @property
    def percent_right(self) -> int:
        return round(100 * (self.judged - self.wrong) / self.judged) if self.judged else 100


def faults_by_clerk(worker: Worker, since: date) -> list[Record]:
    """Return the record of each clerk since a week, the most documents with faults first.

    Each document counts for whoever made it, however many an order had, and whoever made those;
    what left by itself stands without a name.
    """
    judged, kinds = _judged(worker, since), _kinds(worker, since)
    records = [
        Record(
            name or "—",
            sent,
            *judged.get(clerk, (0, 0)),
            [(str(fault.label), n) for fault in Fault if (n := kinds[clerk, fault.value])],
        )
        for clerk, name, sent in _sent(worker, since)
    ]
    return sorted(records, key=lambda record: (-record.wrong, -record.judged, record.name))


def _sent(worker: Worker, since: date) -> Iterable[tuple[int | None, str | None, int]]:
    begin = timezone.make_aware(datetime.combine(since, time()))
    sent = Confirmation.objects.visible_to(worker).exclude(sheet=None).filter(sent_at__gte=begin)
    by_clerk = sent.order_by().values_list("made_by", "made_by__name")
    return by_clerk.annotate(sent=Count("pk"))


def _judged(worker: Worker, since: date) -> dict[int | None, tuple[int, int]]:
    """Return how many documents of each clerk (by id) were judged, and how many were wrong."""
    samples = Sample.objects.visible_to(worker)
    judged = samples.filter(week__gte=since, judged_at__isnull=False).annotate(wrong=WRONG)
    by_clerk = judged.order_by().values("confirmation__made_by")
    rows: Iterable[Any] = by_clerk.annotate(n=Count("pk"), bad=Count("pk", filter=Q(wrong=True)))
    return {row["confirmation__made_by"]: (row["n"], row["bad"]) for row in rows}


def _kinds(worker: Worker, since: date) -> Counter[tuple[int | None, str]]:
    """Return how often each kind of fault was found in the documents of each clerk (by id)."""
    judged = Sample.objects.visible_to(worker).filter(week__gte=since)
    found = SampleFault.objects.filter(sample__in=judged.values("pk")).order_by()
    by_clerk = found.values_list("sample__confirmation__made_by", "kind")
    return Counter({(clerk, kind): n for clerk, kind, n in by_clerk.annotate(n=Count("pk"))})
