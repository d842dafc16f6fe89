"""Reconciling over the API: compare a day, hand in others' files, read and settle differences."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.db.models import Q
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, File, Form, Router, Schema, Status, UploadedFile

from gendan.channels.models import Charge, DayFile, Difference, DifferenceKind, DifferenceState
from gendan.channels.reconciling import actions
from gendan.channels.reconciling.charges import carrier_months, charges, months_back
from gendan.channels.reconciling.listings import CHARGES
from gendan.channels.reconciling.queries import differences as all_differences
from gendan.insight.days import EARLIEST, LATEST
from gendan.people.access import at_shops
from gendan.people.api import all_of, key_of, needs, shop_of
from gendan.ui.api import Page, page
from gendan.ui.api.paging import Asked
from gendan.ui.finding import Field as Found
from gendan.ui.finding import Finder
from gendan.warehouse.models import Carrier

router = Router(tags=["reconciling"])
Day = Annotated[date, Field(ge=EARLIEST, le=LATEST)]
DIFFERENCES = Finder(
    Difference,
    (
        Found("kind", "kind", "choice", choices=DifferenceKind.choices),
        Found("state", "state", "choice", choices=DifferenceState.choices),
        Found("key", "key"),
        Found("waybill", "waybill"),
        Found("shop", "shop", lookup="shop__code"),
    ),
    quick=lambda text: Q(key=text) | Q(waybill__iexact=text),
)


class DifferenceOut(Schema):
    id: int
    against: str
    kind: str
    key: str
    waybill: str
    ours: str
    theirs: str
    state: str
    why: str
    order: str
    shipment: str
    found_at: datetime


class ChargeOut(Schema):
    id: int
    carrier: str = Field(description="The carrier's code.")
    on: date
    waybill: str
    shipment: str
    province: str
    zone: str = Field(description="Whose price it is; empty: that of all other provinces.")
    ours_g: int | None
    theirs_g: int | None
    due_fen: int
    charged_fen: int
    more_fen: int = Field(description="Charged less due: above nought is too much.")


class CarrierMonthOut(Schema):
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


class Compared(Schema):
    checked: int
    open: int


class SettleIn(Schema):
    ids: list[int] = Field(min_length=1, max_length=1_000)
    why: str = Field(min_length=1)


class Settled(Schema):
    settled: int


class DayFileOut(Schema):
    id: int
    name: str
    state: str
    rows: int
    bad: int
    problem: str


@router.get("/days/{day}", response=Page[DifferenceOut], summary="What differs about a day")
@needs("delivery.reconcile")
def differences(request: HttpRequest, day: Day, asked: Asked) -> Any:
    rows = all_differences(key_of(request)).filter(on=day)
    return page(rows, asked, DIFFERENCES, _told)


@router.get("/fees", response=Page[ChargeOut], summary="What carriers charged, and should have")
@needs("delivery.reconcile")
def fees(request: HttpRequest, asked: Asked) -> Any:
    return page(charges(key_of(request)), asked, CHARGES.finder, _charge)


@router.get("/fees/months", response=list[CarrierMonthOut], summary="Fees by month and carrier")
@needs("delivery.reconcile")
def months(request: HttpRequest, since: date | None = None) -> Any:
    return carrier_months(key_of(request), since=since or months_back(timezone.localdate()))


@router.post("/days/{day}/compare", response=Compared, summary="Compare a day with our own papers")
@needs("delivery.reconcile")
def compare(request: HttpRequest, day: Day) -> Any:
    """Carriers' files that tell of the day are compared again too, as after a change of tariff."""
    return actions.compare_again(day, by=key_of(request), now=timezone.now())


@router.post("/days/{day}/files", response={202: DayFileOut}, summary="Hand in a file of a day")
@needs("delivery.reconcile")
def hand_in(
    request: HttpRequest,
    day: Day,
    file: File[UploadedFile],
    against: Form[Literal["platform", "carrier"]],
    of: Form[str],
) -> Any:
    """`of` is the code of the shop or the carrier. A worker compares it; ask with its id."""
    whose = shop_of(request, of) if against == "platform" else get_object_or_404(Carrier, code=of)
    return Status(202, actions.take_file(whose, day, file, by=key_of(request)))


@router.get("/files/{file_id}", response=DayFileOut, summary="What became of a file")
@needs("delivery.reconcile")
def day_file(request: HttpRequest, file_id: int) -> Any:
    seen = DayFile.objects.filter(at_shops(key_of(request), or_none=True))
    return get_object_or_404(seen, pk=file_id)


@router.post("/settle", response=Settled, summary="Settle differences with a reason")
@needs("delivery.reconcile")
def settle(request: HttpRequest, told: SettleIn) -> Any:
    key = key_of(request)
    chosen = all_of(Difference.objects.visible_to(key), "pk", told.ids)
    settled = actions.settle(chosen, by=key, now=timezone.now(), why=told.why)
    return {"settled": settled.count()}


def _charge(charge: Charge) -> dict[str, Any]:
    names = tuple(ChargeOut.model_fields.keys() - {"carrier", "shipment"})
    told = {name: getattr(charge, name) for name in names}
    return {**told, "carrier": charge.carrier.code, "shipment": charge.shipment.number}


def _told(difference: Difference) -> dict[str, Any]:
    names = (
        "id",
        "against",
        "kind",
        "key",
        "waybill",
        "ours",
        "theirs",
        "state",
        "why",
        "found_at",
    )
    return {
        **{name: getattr(difference, name) for name in names},
        "order": difference.order.number if difference.order else "",
        "shipment": difference.shipment.number if difference.shipment else "",
    }
