"""How many sent documents were right, by who made them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q

from gendan.orders.models import Fault, SampleQuerySet


@dataclass(frozen=True)
class Record:
    """One clerk's documents among those that were drawn and judged."""

    name: str
    judged: int
    faults: int
    kinds: Sequence[tuple[str, int]]

    @property
    def percent_right(self) -> int:
        return round(100 * (self.judged - self.faults) / self.judged)


def faults_by_clerk(samples: SampleQuerySet, since: date) -> list[Record]:
    """Return the record of each clerk since a week, the most faults first."""
    judged = samples.filter(week__gte=since, judged_at__isnull=False)
    counted: dict[str, Any] = {
        "judged": Count("pk"),
        "faults": Count("pk", filter=~Q(fault="")),
        **{fault.value: Count("pk", filter=Q(fault=fault)) for fault in Fault},
    }
    by_clerk = judged.order_by().values("confirmation__made_by__name")
    rows: Iterable[Any] = by_clerk.annotate(**counted)
    records = [
        Record(
            row["confirmation__made_by__name"] or "—",
            row["judged"],
            row["faults"],
            [(str(fault.label), row[fault.value]) for fault in Fault if row[fault.value]],
        )
        for row in rows
    ]
    return sorted(records, key=lambda record: (-record.faults, record.name))
