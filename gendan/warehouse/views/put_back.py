"""The table where the goods of recalled parcels are put back: a scanner that types, no mouse."""

from functools import partial

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gendan.people.access import allowed
from gendan.people.requests import StaffRequest
from gendan.ui.errors import Refused
from gendan.warehouse.actions.put_back import end_recall, put_back_pieces, start_again
from gendan.warehouse.models import Shipment
from gendan.warehouse.queries.put_back import recalled, scanned_recalled, waiting
from gendan.warehouse.stages import Stage
from gendan.warehouse.views.shipments import one
from gendan.warehouse.views.table import DONE, OK, WRONG, scanned, tried


@require_safe
@allowed("warehouse.pack")
def put_back_page(request: StaffRequest) -> HttpResponse:
    """Show what waits to be put back, or the parcel that the address names."""
    number = request.GET.get("shipment", "")
    return _table(request, one(request, number) if number else None, page=True)


@require_POST
@allowed("warehouse.pack")
def scan(request: StaffRequest) -> HttpResponse:
    """Take what was scanned: a recalled parcel comes on the table, goods go back to their shelf."""
    code, current = scanned(request)
    if not code:
        return _table(request, current)
    if (other := scanned_recalled(code, request.user)) and other != current:
        return _table(request, other, OK, _("Now scan each piece as you put it back."))
    if current is None:
        return _table(request, None, WRONG, _("No recalled parcel has the number “%s”.") % code)
    back = partial(put_back_pieces, current, [code], by=request.user)
    return tried(request, current, back, _table)


@require_POST
@allowed("warehouse.pack")
def end(request: StaffRequest, number: str) -> HttpResponse:
    """Say that goods and papers are where they belong."""
    shipment = one(request, number)
    try:
        end_recall(
            Shipment.objects.filter(pk=shipment.pk),
            by=request.user,
            now=timezone.now(),
            papers_destroyed="destroyed" in request.POST,
        )
    except Refused as refused:
        return _table(request, shipment, WRONG, refused.sentence)
    return _table(request, None, DONE, _("%s is settled. Scan the next one.") % shipment.number)


@require_POST
@allowed("warehouse.pack")
def again(request: StaffRequest, number: str) -> HttpResponse:
    """Forget what was scanned back."""
    shipment = one(request, number)
    parcels = Shipment.objects.filter(pk=shipment.pk)
    said = _("Now scan each piece as you put it back.")
    anew = partial(start_again, parcels, by=request.user)
    return tried(request, shipment, anew, _table, said)


def _table(
    request: StaffRequest,
    shipment: Shipment | None,
    sound: str = "",
    said: str = "",
    *,
    page: bool = False,
) -> HttpResponse:
    shown = shipment if shipment and shipment.stage == Stage.RECALLED else None
    context = {
        "recalled": recalled(shown) if shown else None,
        "waiting": [] if shown else waiting(request.user),
        "sound": sound,
        "said": said,
    }
    template = "warehouse/put_back.html" if page else "warehouse/_put_back.html"
    return render(request, template, context)
