"""The forms of a shipment's page: another carrier, goods not found, papers again."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gendan.people.access import allowed
from gendan.people.requests import StaffRequest
from gendan.ui.errors import Refused
from gendan.warehouse.actions.choose_carrier import choose_carrier
from gendan.warehouse.actions.pick import miss
from gendan.warehouse.actions.print_papers import print_papers
from gendan.warehouse.models import Carrier, Shipment
from gendan.warehouse.queries.prints import OF_ONE, of_shipment
from gendan.warehouse.views.doing import done
from gendan.warehouse.views.shipments import one, typed


@require_POST
@allowed("warehouse.wave")
def choose(request: StaffRequest, number: str) -> HttpResponse:
    """Give the shipment to another carrier."""
    shipment = one(request, number)
    carrier = get_object_or_404(Carrier, pk=typed(request, "carrier") or 0)
    chosen, why = Shipment.objects.filter(pk=shipment.pk), request.POST.get("why", "").strip()
    done(
        request,
        lambda: choose_carrier(chosen, carrier, by=request.user, why=why),
        _("%(name)s takes it.") % {"name": carrier},
    )
    return redirect("shipment", number=number)


@require_POST
@allowed("warehouse.pack")
def miss_line(request: StaffRequest, number: str) -> HttpResponse:
    """Say that goods of the shipment are not where they should be."""
    shipment, why = one(request, number), request.POST.get("why", "").strip()
    lines = shipment.lines.filter(pk=typed(request, "line") or 0)
    if not lines.exists():
        messages.error(request, _("Choose the goods that are missing."))
        return redirect("shipment", number=number)
    done(
        request,
        lambda: miss(lines, by=request.user, now=timezone.now(), why=why),
        _("The order waits on the worklist until somebody has counted."),
    )
    return redirect("shipment", number=number)


@require_POST
@allowed("warehouse.wave")
def print_one(request: StaffRequest, number: str) -> HttpResponse:
    """Let papers of this shipment alone be made, the first time or again."""
    shipment = one(request, number)
    chosen = [paper for paper in OF_ONE if paper in request.POST.getlist("papers")]
    try:
        print_papers(
            Shipment.objects.filter(pk=shipment.pk),
            by=request.user,
            why=request.POST.get("why", "").strip()[:200],
            printer=request.POST.get("printer", "")[:60],
            papers=chosen or OF_ONE,
        )
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect("shipment", number=number)


@require_safe
@allowed("warehouse.see")
def prints_of_one(request: StaffRequest, number: str) -> HttpResponse:
    """Show what was printed of it; asked again each second until it is ready."""
    shipment = one(request, number)
    context = {"shipment": shipment, "printing": of_shipment(shipment)}
    return render(request, "warehouse/_shipment_prints.html", context)
