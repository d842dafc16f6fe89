"""The list of parcels, and the page of one."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gendan.delivery.actions.complete import complete
from gendan.delivery.actions.end import deliver, lose
from gendan.delivery.following import ask_now, follow_again
from gendan.delivery.listings import LIST, PROVIDER, state_of, tone_of
from gendan.delivery.models import Interception
from gendan.delivery.queries.way import left_the_house, troubles_of, way_of
from gendan.journal.queries import timeline
from gendan.orders.models import Order
from gendan.people.access import allowed
from gendan.people.requests import StaffRequest
from gendan.ui.errors import Refused
from gendan.ui.listing import list_view
from gendan.warehouse.models import Shipment, ShipmentQuerySet


@allowed("delivery.see")
def parcels(request: StaffRequest) -> HttpResponseBase:
    """Show the parcels that have left the house."""
    return list_view(request, LIST)


@require_safe
@allowed("delivery.see")
def parcel(request: StaffRequest, number: str) -> HttpResponse:
    """Show one parcel: where it is, what is wrong, what can be done."""
    shipment = _one(request, number)
    context = {
        "way": way_of(shipment),
        "state": state_of(shipment),
        "tone": tone_of(shipment),
        "troubles": troubles_of(shipment),
        "interceptions": Interception.objects.filter(shipment=shipment).select_related(
            "shipment__carrier", "amendment"
        ),
        "acts": timeline({"warehouse_shipment": [shipment.pk]}),
        "may_follow": request.user.may("delivery.follow"),
    }
    return render(request, "delivery/parcel.html", context)


@require_POST
@allowed("delivery.follow")
def ask(request: StaffRequest, number: str) -> HttpResponse:
    """Let the carrier be asked about the parcel."""
    return _act(
        request,
        number,
        lambda parcels: ask_now(parcels, provider=PROVIDER),
        _("Asked. Load the page again in a moment."),
    )


@require_POST
@allowed("delivery.follow")
def follow(request: StaffRequest, number: str) -> HttpResponse:
    """Try once more to be told of the parcel."""
    return _act(
        request,
        number,
        lambda parcels: follow_again(parcels, provider=PROVIDER),
        _("It is tried again within a minute."),
    )


@require_POST
@allowed("delivery.follow")
def end(request: StaffRequest, number: str) -> HttpResponse:
    """Say that the parcel has arrived, or that it is lost."""
    why, worker = request.POST.get("why", "").strip(), request.user
    act = lose if request.POST.get("end") == "lost" else deliver
    if not why:
        messages.error(request, _("Say how you know: the reason is kept with it."))
        return redirect("parcel", number=number)
    return _act(request, number, lambda parcels: act(parcels, by=worker, why=why), _("Done."))


@require_POST
@allowed("delivery.follow")
def complete_order(request: StaffRequest, number: str) -> HttpResponse:
    """End an order of which everything has arrived."""
    worker = request.user
    order = get_object_or_404(Order.objects.visible_to(worker), number=number)
    why = request.POST.get("why", "").strip()
    try:
        complete(Order.objects.filter(pk=order.pk), by=worker, why=why)
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, _("The order is completed."))
    return redirect("order", number=number)


def _act(
    request: StaffRequest, number: str, act: Callable[[ShipmentQuerySet], object], done: str
) -> HttpResponse:
    shipment = _one(request, number)
    try:
        act(Shipment.objects.filter(pk=shipment.pk))
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, done)
    return redirect("parcel", number=number)


def _one(request: StaffRequest, number: str) -> Shipment:
    return get_object_or_404(left_the_house(request.user), number=number)
