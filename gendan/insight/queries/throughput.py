"""How much went through the house today, hour by hour."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gendan.insight import links
from gendan.insight.queries.hours import by_hour
from gendan.insight.queries.parts import Hour

LABELS: dict[str, Promise] = {
    "taken_in": _("Taken in"),
    "released": _("Released"),
    "packed": _("Packed"),
    "shipped": _("Shipped"),
    "signed": _("Signed for"),
}


@dataclass(frozen=True)
class Flow:
    """How many passed one point of the way today."""

    code: str
    label: str
    count: int
    hours: Sequence[int]
    url: str

    @property
    def last_hour(self) -> int:
        """Return how many passed in the hour that runs."""
        return self.hours[-1] if self.hours else 0


def throughput(today: Sequence[Hour], *, now: datetime) -> list[Flow]:
    """Return what passed each point of the way today, until this hour."""
    hour, addresses = timezone.localtime(now).hour, _addresses()
    return [
        Flow(code, str(label), sum(hours), hours[: hour + 1], addresses[code])
        for code, label in LABELS.items()
        for hours in [by_hour(today, code)]
    ]


def _addresses() -> dict[str, str]:
    return {
        "taken_in": links.orders("entered_at = today and stage != DRAFT"),
        "released": links.orders("released_at = today"),
        "packed": links.shipments("packed_at = today"),
        "shipped": links.parcels("shipped = today"),
        "signed": links.parcels("delivered = today"),
    }
