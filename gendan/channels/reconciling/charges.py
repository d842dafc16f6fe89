"""运费对账: what carriers charged beside what their tariffs say, by parcel and by month."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import BigIntegerField, Count, F, Q, Sum, Value
from django.db.models.functions import Coalesce, TruncMonth
from django.utils.translation import gettext as _

from gendan.channels.models import Charge
from gendan.channels.models.reconciling import ChargeQuerySet
from gendan.insight.tables import Column, Table, summed
from gendan.people.access import Worker
from gendan.ui.wording import in_own_words

TOLERANCE: int = settings.FEE_TOLERANCE_FEN
OVER, UNDER = Q(more_fen__gt=TOLERANCE), Q(more_fen__lt=-TOLERANCE)
FIGURES = ("parcels", "charged_fen", "due_fen", "over", "over_fen", "under", "under_fen")
MONTHS = 6


@dataclass(frozen=True)
class CarrierMonth:
    """What a carrier charged in a month; over and under are what is beyond the tolerance."""

    month: date
    carrier: str
    code: str
    parcels: int
    charged_fen: int
    due_fen: int
    over: int
    over_fen: int
    under: int
    under_fen: int


def charges(worker: Worker) -> ChargeQuerySet:
    """Return the charges that the worker sees, with their carrier and parcel."""
    return Charge.objects.visible_to(worker).select_related("carrier", "shipment")


def carrier_months(worker: Worker, *, since: date) -> list[CarrierMonth]:
    """Return what each carrier charged in each month from a day on, the newest month first."""
    rows: Iterable[Mapping[str, Any]] = (
        Charge.objects.visible_to(worker)
        .filter(on__gte=since)
        .values(
            month=TruncMonth("on"),
            name=F("carrier__name"),
            name_en=F("carrier__name_en"),
            code=F("carrier__code"),
        )
        .annotate(
            parcels=Count("pk"),
            charged_fen=_sum("charged_fen"),
            due_fen=_sum("due_fen"),
            over=Count("pk", filter=OVER),
            over_fen=_sum("more_fen", OVER),
            under=Count("pk", filter=UNDER),
            under_fen=_sum("more_fen", UNDER),
        )
        .order_by("-month", "code")
    )
    return [
        CarrierMonth(
            row["month"],
            in_own_words(row["name"], row["name_en"]),
            row["code"],
            *(row[name] for name in FIGURES),
        )
        for row in rows
    ]


def months_back(today: date) -> date:
    """Return the first day of the oldest month that is shown."""
    month = today.year * 12 + today.month - MONTHS
    return date(month // 12, month % 12 + 1, 1)


def as_table(months: Sequence[CarrierMonth]) -> Table:
    """Return the months as a table for the file."""
    columns = (
        Column(_("Carrier and month"), "text"),
        Column(_("Parcels")),
        Column(_("Charged"), "money"),
        Column(_("By the tariff"), "money"),
        Column(_("Charged too much")),
        Column(_("Too much"), "money"),
        Column(_("Charged too little")),
        Column(_("Too little"), "money"),
    )
    rows = [
        (f"{each.carrier} {each.month:%Y-%m}", *(getattr(each, name) for name in FIGURES))
        for each in months
    ]
    return Table(_("Carriers' fees"), columns, rows, sums=summed(rows, _("Total")))


def _sum(name: str, where: Q | None = None) -> Coalesce:
    return Coalesce(Sum(name, filter=where), Value(0), output_field=BigIntegerField())
