"""Waybill numbers, and parcels given to the carriers."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gendan.delivery.actions.waybills import NoNumbersLeft, draw_waybills, enter_waybills
from gendan.delivery.models import Handover
from gendan.delivery.queries.handovers import latest, paper_of
from gendan.delivery.sending import TO_HAND_OVER
from gendan.people.access import Worker, allowed
from gendan.people.requests import StaffRequest
from gendan.ui.errors import Refused
from gendan.ui.listing import list_view
from gendan.warehouse.models import Shipment, Wave
from gendan.warehouse.paper import pdf


@allowed("delivery.ship")
def hand_over(request: StaffRequest) -> HttpResponseBase:
    """Show what waits for the carriers, and the last lists that were signed."""
    context = {"handovers": latest(request.user, 4)}
    return list_view(request, TO_HAND_OVER, template="delivery/hand_over.html", context=context)


@require_safe
@allowed("delivery.ship")
def hand_over_list(request: StaffRequest, number: str) -> HttpResponse:
    """Give the list that the driver signs, as PDF."""
    seen = Handover.objects.visible_to(request.user).select_related("carrier", "warehouse")
    handover = get_object_or_404(seen, number=number)
    paper = pdf([paper_of(handover)], language=get_language() or "zh-hans")
    return HttpResponse(paper, content_type="application/pdf")


@require_POST
@allowed("delivery.ship")
def wave_waybills(request: StaffRequest, number: str) -> HttpResponse:
    """Draw numbers for the parcels of a wave that have none."""
    worker = request.user
    wave = get_object_or_404(Wave.objects.visible_to(worker), number=number)
    lacking = Shipment.objects.filter(wave=wave, waybill="", stage__in=["RELEASED", "PICKED"])
    try:
        drawn = draw_waybills(lacking, by=worker).count()
    except NoNumbersLeft as refused:
        messages.error(request, _with_remedy(refused, worker))
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        text = ngettext("%(n)d parcel has a waybill", "%(n)d parcels have a waybill", drawn)
        messages.success(request, text % {"n": drawn})
    return redirect("wave", number=number)


@require_POST
@allowed("delivery.ship")
def waybill_enter(request: StaffRequest, number: str) -> HttpResponse:
    """Write the waybill that was typed or scanned."""
    worker = request.user
    shipment = get_object_or_404(Shipment.objects.visible_to(worker), number=number)
    try:
        enter_waybills({shipment.pk: request.POST.get("waybill", "")[:40]}, by=worker)
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, _("The waybill is saved."))
    return redirect("shipment", number=number)


def _with_remedy(refused: NoNumbersLeft, worker: Worker) -> str:
    """Lead whoever may enter numbers to the page for it."""
    if not worker.may("warehouse.manage"):
        return refused.sentence
    page = reverse("number-range-new")
    return format_html('{} <a href="{}">{}</a>', refused.sentence, page, _("Enter numbers"))
