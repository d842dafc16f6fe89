"""Combining: what could go together, side by side, what would come of it, and doing it."""

from typing import NamedTuple
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gendan.journal.queries import timeline
from gendan.journal.writing import entry
from gendan.orders.models import Order, OrderQuerySet
from gendan.people.access import Worker, allowed
from gendan.people.requests import StaffRequest
from gendan.ui.errors import Refused
from gendan.ui.listing import list_view
from gendan.warehouse.actions.combine import send_together
from gendan.warehouse.actions.regroup import undo
from gendan.warehouse.actions.save_combine_rules import save_combine_rules
from gendan.warehouse.combining import COMBINABLE, CombineRulesForm
from gendan.warehouse.models import Regrouping, Shipment, ShipmentQuerySet
from gendan.warehouse.queries.company import combine_rules
from gendan.warehouse.queries.company_of import company_of
from gendan.warehouse.queries.foreseen import Foreseen, foresee


class Chosen(NamedTuple):
    """What was ticked, as far as the person may see it."""

    orders: OrderQuerySet
    shipments: ShipmentQuerySet

    @classmethod
    def of(cls, request: StaffRequest, person: Worker) -> "Chosen":
        """Read what the address or the form names."""
        said = request.POST if request.method == "POST" else request.GET
        orders = Order.objects.visible_to(person).filter(number__in=said.getlist("order"))
        parcels = Shipment.objects.visible_to(person).filter(number__in=said.getlist("shipment"))
        return cls(orders, parcels)


@allowed("warehouse.combine")
def combinable(request: StaffRequest) -> HttpResponseBase:
    """List what could go together and will not by itself."""
    return list_view(request, COMBINABLE)


@allowed("warehouse.combine")
def combine_page(request: StaffRequest) -> HttpResponse:
    """Show the chosen side by side with whatever goes the same way."""
    person = request.user
    chosen = Chosen.of(request, person)
    company = company_of(person, chosen.orders, chosen.shipments)
    orders, shipments = company.ticked
    ticked = Chosen(Order.objects.numbered(orders), Shipment.objects.numbered(shipments))
    context = {
        "company": company,
        "orders": orders,
        "shipments": shipments,
        "foreseen": _foreseen(ticked, person, "") if orders | shipments else None,
    }
    return render(request, "warehouse/regroup/combine.html", context)


@require_POST
@allowed("warehouse.combine")
def combine_preview(request: StaffRequest) -> HttpResponse:
    """Show what would come of combining what is ticked."""
    person = request.user
    foreseen = _foreseen(Chosen.of(request, person), person, _why(request))
    return render(request, "warehouse/regroup/_foreseen.html", {"foreseen": foreseen})


@require_POST
@allowed("warehouse.combine")
def combine_now(request: StaffRequest) -> HttpResponse:
    """Combine what is ticked."""
    person = request.user
    try:
        together = _together(Chosen.of(request, person), person, _why(request))
    except Refused as refused:
        messages.error(request, refused.sentence)
        return redirect(f"{reverse('combine')}?{_ticked(request)}")
    messages.success(request, _("They go in one parcel now."))
    return redirect("shipment", number=together.order_by("pk")[0].number)


@require_POST
@allowed("warehouse.combine")
def regrouping_undo(request: StaffRequest, pk: int) -> HttpResponse:
    """Put the goods back as they were before they were combined or split."""
    person = request.user
    found = get_object_or_404(Regrouping.objects.visible_to(person), pk=pk)
    try:
        undo(
            Regrouping.objects.filter(pk=found.pk), by=person, now=timezone.now(), why=_why(request)
        )
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, _("The parcels are as they were before."))
    holding = found.parcels.exclude(after={}).order_by("pk").first()
    return redirect("shipment", number=holding.shipment.number) if holding else redirect("home")


@allowed("warehouse.manage")
def rules(request: StaffRequest) -> HttpResponse:
    """Show when orders go together by themselves, and save it."""
    form = CombineRulesForm(request.POST or None, instance=combine_rules())
    if request.method == "POST" and form.is_valid():
        save_combine_rules(form.save(commit=False), by=request.user, why=_why(request))
        messages.success(request, _("Saved. The next planning obeys it."))
        return redirect("combine-rules")
    context = {"form": form, "acts": timeline({"warehouse_combinerules": [1]})}
    status = 422 if form.errors else 200
    return render(request, "warehouse/regroup/rules.html", context, status=status)


def _foreseen(chosen: Chosen, person: Worker, why: str) -> Foreseen:
    sources = list(chosen.shipments.values_list("pk", flat=True))
    return foresee(lambda: _together(chosen, person, why), sources)


def _together(chosen: Chosen, person: Worker, why: str) -> ShipmentQuerySet:
    with entry("order.combined", by=person, why=why, count=chosen.orders.count()):
        return send_together(
            chosen.orders, chosen.shipments, by=person, now=timezone.now(), why=why
        )


def _ticked(request: StaffRequest) -> str:
    """What was ticked, as the address of the page says it."""
    said = {name: request.POST.getlist(name) for name in ("order", "shipment")}
    return urlencode(said, doseq=True)


def _why(request: StaffRequest) -> str:
    return request.POST.get("why", "").strip()
