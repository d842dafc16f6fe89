"""Noting what a carrier answered about a parcel that should be stopped."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gendan.delivery.actions.intercept import accept, refuse
from gendan.delivery.actions.not_stopped import settle
from gendan.delivery.models import Interception, Remedy
from gendan.people.access import allowed
from gendan.people.requests import StaffRequest
from gendan.ui.errors import Refused


@require_POST
@allowed("delivery.follow")
def answer(request: StaffRequest, pk: int) -> HttpResponse:
    """Note yes or no, with the carrier's words."""
    found = _asked(request, pk)
    act = accept if request.POST.get("answer") == "yes" else refuse
    words = request.POST.get("words", "").strip()
    try:
        act(Interception.objects.numbered([pk]), by=request.user, now=timezone.now(), words=words)
        messages.success(request, _("Noted what the carrier said."))
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect("parcel", number=found.shipment.number)


@require_POST
@allowed("delivery.follow")
def remedy(request: StaffRequest, pk: int) -> HttpResponse:
    """Note what is done about a parcel that its carrier did not intercept."""
    found = _asked(request, pk)
    chosen, words = request.POST.get("remedy", ""), request.POST.get("words", "").strip()
    if chosen not in Remedy.values:
        messages.error(request, _("Choose what is done about the parcel."))
        return redirect("parcel", number=found.shipment.number)
    one = Interception.objects.numbered([pk])
    try:
        settle(one, chosen, by=request.user, now=timezone.now(), words=words)
        messages.success(request, _("Noted what is done about the parcel."))
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect("parcel", number=found.shipment.number)


def _asked(request: StaffRequest, pk: int) -> Interception:
    visible = Interception.objects.visible_to(request.user).select_related("shipment")
    return get_object_or_404(visible, pk=pk)
