"""What a provider tells of one parcel, in our words: the shape in which channels hand it over."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from gendan.delivery.models import SubscriptionState, TraceState


@dataclass(frozen=True)
class Point:
    """One line of a trace; its text is already masked, its code is the provider's."""

    at: datetime
    text: str
    state: TraceState
    code: str = ""
    place: str = ""


@dataclass(frozen=True)
class Report:
    """All that a provider knows of a parcel now. `state` is None while it knows nothing."""

    shipment_id: int
    provider: str
    state: TraceState | None
    points: tuple[Point, ...] = ()
    subscription: SubscriptionState = SubscriptionState.FOLLOWED
    problem: str = ""

    @property
    def moved_at(self) -> datetime | None:
        """When the parcel was last seen; what we can't read counts for nothing."""
        seen = (point.at for point in self.points if point.state != TraceState.UNKNOWN)
        return max(seen, default=None)


def merged(reports: Iterable[Report]) -> list[Report]:
    """One report for each parcel: the newest one's state, everybody's points; by parcel's id."""
    kept: dict[tuple[int, str], Report] = {}
    for report in sorted(reports, key=_age):
        key = report.shipment_id, report.provider
        if before := kept.get(key):
            report = replace(report, points=before.points + report.points)
        kept[key] = report
    return [kept[key] for key in sorted(kept)]


def _age(report: Report) -> float:
    return report.moved_at.timestamp() if report.moved_at else 0.0
