"""How many documents were sent, and how many of them were right, by who made them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from gendan.orders.models import Confirmation, Fault, Sample
from gendan.people.access import Worker


@dataclass(frozen=True)
class Record:
    """One clerk's documents: all that were sent, and of those that were drawn the judged ones."""

    name: str
    sent: int
    judged: int
    faults: int
    kinds: Sequence[tuple[str, int]]

    @property
    def percent_right(self) -> int:
        return round(100 * (self.judged - self.faults) / self.judged) if self.judged else 100


def faults_by_clerk(worker: Worker, since: date) -> list[Record]:
    """Return the record of each clerk since a week, the most faults first.

    Each document counts for whoever made it, however many an order had, and whoever made those;
    what left by itself stands without a name.
    """
    judged = _judged(worker, since)
    records = [
        Record(
            name or "—",
            sent,
            judged.get(clerk, {}).get("judged", 0),
            judged.get(clerk, {}).get("faults", 0),
            [(str(fault.label), n) for fault in Fault if (n := judged.get(clerk, {}).get(fault))],
        )
        for clerk, name, sent in _sent(worker, since)
    ]
    return sorted(records, key=lambda record: (-record.faults, -record.judged, record.name))


def _sent(worker: Worker, since: date) -> Iterable[tuple[int | None, str | None, int]]:
    begin = timezone.make_aware(datetime.combine(since, time()))
    sent = Confirmation.objects.visible_to(worker).exclude(sheet=None).filter(sent_at__gte=begin)
    by_clerk = sent.order_by().values_list("made_by", "made_by__name")
    return by_clerk.annotate(sent=Count("pk"))


def _judged(worker: Worker, since: date) -> dict[int | None, dict[str, int]]:
    judged = Sample.objects.visible_to(worker).filter(week__gte=since, judged_at__isnull=False)
    counted: dict[str, Any] = {
        "judged": Count("pk"),
        "faults": Count("pk", filter=~Q(fault="")),
        **{fault.value: Count("pk", filter=Q(fault=fault)) for fault in Fault},
    }
    by_clerk = judged.order_by().values("confirmation__made_by")
    rows: Iterable[Any] = by_clerk.annotate(**counted)
    return {row["confirmation__made_by"]: row for row in rows}
