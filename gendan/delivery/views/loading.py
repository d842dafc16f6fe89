"""Hand-over with a scanner that types: each parcel is counted, then all of them leave at once.

What was counted is kept in the session, so that it outlives a phone that falls asleep.
"""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from gendan.delivery.actions.hand_over import hand_over
from gendan.delivery.loading import counted, not_counted, refuse_wrong
from gendan.delivery.models import Handover
from gendan.people.access import allowed
from gendan.people.requests import StaffRequest
from gendan.ui.errors import Refused
from gendan.warehouse.models import Shipment
from gendan.warehouse.queries.packing import scanned_shipment
from gendan.warehouse.stages import Stage
from gendan.warehouse.views.table import DONE, OK, WRONG, up_next

KEY = "hand-over"


@require_safe
@allowed("delivery.ship")
def loading(request: StaffRequest) -> HttpResponse:
    """Show what was counted so far."""
    return _answer(request, page=True)


@require_safe
@allowed("delivery.ship")
def next_to_load(request: StaffRequest) -> HttpResponse:
    """Show what should leave next; the page asks for it beside the scanning."""
    return up_next(
        request,
        Stage.PACKED,
        coming=Stage.PICKED,
        url=reverse("loading-next"),
        title=_("Next to leave"),
        nothing=_("Nothing waits: what is packed comes here."),
    )


@require_POST
@allowed("delivery.ship")
def count(request: StaffRequest) -> HttpResponse:
    """Count the parcel whose waybill was scanned."""
    code, ids = request.POST.get("code", "").strip(), _ids(request)
    if not code:
        return _answer(request)
    parcel = scanned_shipment(code, request.user)
    if parcel is None:
        return _answer(request, WRONG, _("No parcel has the number “%s”.") % code)
    if parcel.pk in ids:
        return _answer(request, OK, _("%s is counted already.") % code)
    try:
        refuse_wrong(parcel, counted(ids, request.user))
    except Refused as refused:
        return _answer(request, WRONG, refused.sentence)
    request.session[KEY] = [*ids, parcel.pk]
    return _answer(request, OK, f"{parcel.carrier} {parcel.waybill}")


@require_POST
@allowed("delivery.ship")
def take_off(request: StaffRequest) -> HttpResponse:
    """Take a parcel off the pile, or all of them."""
    number = request.POST.get("shipment", "")
    parcels = counted(_ids(request), request.user)
    kept = [parcel.pk for parcel in parcels if number and parcel.number != number]
    request.session[KEY] = kept[::-1]
    return _answer(request)


@require_POST
@allowed("delivery.ship")
def leave(request: StaffRequest) -> HttpResponse:
    """Hand over what was counted."""
    worker = request.user
    ids = [parcel.pk for parcel in counted(_ids(request), worker)]
    if not ids:
        return _answer(request, WRONG, _("Scan the parcels first."))
    try:
        lists = hand_over(Shipment.objects.numbered(ids), by=worker, now=timezone.now())
    except Refused as refused:
        return _answer(request, WRONG, refused.sentence)
    request.session[KEY] = []
    said = ngettext("%(n)d parcel handed over", "%(n)d parcels handed over", len(ids))
    answer = _answer(request, DONE, said % {"n": len(ids)}, handover=lists.get())
    answer["HX-Trigger"] = "parcel-done"  # the queue beside it asks anew
    return answer


def _answer(
    request: StaffRequest,
    sound: str = "",
    said: str = "",
    *,
    handover: Handover | None = None,
    page: bool = False,
) -> HttpResponse:
    parcels = counted(_ids(request), request.user)
    context = {
        "parcels": parcels,
        "first": parcels[-1] if parcels else None,
        "others": not_counted(parcels, request.user).order_by("packed_at"),
        "sound": sound,
        "said": said,
        "handover": handover,
    }
    template = "delivery/loading.html" if page else "delivery/_loading.html"
    return render(request, template, context)


def _ids(request: StaffRequest) -> list[int]:
    return list(request.session.get(KEY, []))
