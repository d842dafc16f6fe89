"""Noting what a carrier answered about a parcel that should be stopped."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gendan.delivery.actions.intercept import accept, refuse
from gendan.delivery.models import Interception
from gendan.people.access import allowed
from gendan.people.requests import StaffRequest
from gendan.ui.errors import Refused


@require_POST
@allowed("delivery.follow")
def answer(request: StaffRequest, pk: int) -> HttpResponse:
    """Note yes or no, with the carrier's words."""
    person = request.user
    asked = Interception.objects.visible_to(person).select_related("shipment")
    found = get_object_or_404(asked, pk=pk)
    act = accept if request.POST.get("answer") == "yes" else refuse
    words = request.POST.get("words", "").strip()
    try:
        act(Interception.objects.numbered([pk]), by=person, now=timezone.now(), words=words)
        messages.success(request, _("Noted what the carrier said."))
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect("parcel", number=found.shipment.number)
