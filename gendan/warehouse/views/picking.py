"""The walk with a phone in the hand: fetch, tick, say what is not there."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from gendan.people.access import allowed
from gendan.people.requests import StaffRequest
from gendan.ui.errors import Refused
from gendan.warehouse.actions.pick import miss, pick
from gendan.warehouse.queries.walk import going_without, to_fetch, walk
from gendan.warehouse.views.shipments import typed
from gendan.warehouse.views.waves import one


@require_safe
@allowed("warehouse.pack")
def picking(request: StaffRequest, number: str) -> HttpResponse:
    """Show what is to be fetched for a wave, in walking order."""
    wave = one(request, number)
    return render(request, "warehouse/picking.html", {"wave": wave, "walk": walk(wave)})


@require_POST
@allowed("warehouse.pack")
def pick_wave(request: StaffRequest, number: str) -> HttpResponse:
    """Say that the wave has been picked."""
    found = one(request, number)
    try:
        pick(to_fetch(found), by=request.user)
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, _("Picked. The parcels can be packed now."))
    return redirect("wave", number=number)


@require_POST
@allowed("warehouse.pack")
def miss_goods(request: StaffRequest, number: str) -> HttpResponse:
    """Say that fewer pieces were found than the wave needs."""
    wave, found = one(request, number), typed(request, "found")
    if found is None:
        messages.error(request, _("Type how many pieces you found, 0 for none."))
        return redirect("wave-picking", number=number)
    lacking = going_without(wave, request.POST.get("code", ""), found)
    try:
        short = miss(lacking, by=request.user, now=timezone.now(), why=_why(request)).count()
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, _went_without(short))
    return redirect("wave-picking", number=number)


def _why(request: StaffRequest) -> str:
    return request.POST.get("why", "").strip()[:200] or _("not found while picking")


def _went_without(shipments: int) -> str:
    if not shipments:
        return _("Enough for all. Go on.")
    text = ngettext(
        "%(n)d shipment goes without. Its order waits on the worklist; go on with the others.",
        "%(n)d shipments go without. Their orders wait on the worklist; go on with the others.",
        shipments,
    )
    return text % {"n": shipments}
