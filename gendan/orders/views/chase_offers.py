"""Lower prices for orders that wait to be paid: offering one, and deciding on it."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gendan.orders.actions import chase as acts
from gendan.orders.forms.chase import OfferForm
from gendan.orders.models import Chase, ChaseOffer, OfferState, Order
from gendan.orders.views.chase import back, dialog
from gendan.orders.views.request import order_of
from gendan.people.access import allowed
from gendan.people.requests import StaffRequest
from gendan.ui.errors import Refused

View = Callable[..., HttpResponseBase]


@allowed("orders.chase")
def offer(request: StaffRequest, number: str) -> HttpResponse:
    """Offer a lower price."""
    order = order_of(request, number)
    found = get_object_or_404(Chase, order=order)
    form, complaint = OfferForm(request.POST if request.method == "POST" else None), ""
    if form.is_valid():
        said = form.cleaned_data
        try:
            made = acts.offer(
                found,
                said["off"],
                by=request.user,
                now=timezone.now(),
                why=said["why"],
                until_at=said["until_at"],
            )
            messages.success(request, _came_of(made))
            return back(request, number)
        except Refused as refused:
            complaint = refused.sentence
    return dialog(request, order, _("Offer a lower price"), form, complaint)


def _decision(permission: str, act: Callable[..., ChaseOffer]) -> View:
    """Make the page that does one thing with an offer, and goes back to where the clerk was."""

    @allowed(permission)
    @require_POST
    def decide(request: StaffRequest, pk: int) -> HttpResponse:
        found = _offer(request, pk)
        why = request.POST.get("why", "").strip()[:300]
        try:
            act(found, by=request.user, now=timezone.now(), why=why)
            messages.success(request, _("Done."))
        except Refused as refused:
            messages.error(request, refused.sentence)
        return back(request, found.chase.order.number)

    return decide


# What is done with an offer by one press: in the address it bears the same name.
DECISIONS: dict[str, View] = {
    "allow": _decision("orders.below_floor", acts.allow_offer),
    "refuse": _decision("orders.below_floor", acts.refuse_offer),
    "withdraw": _decision("orders.chase", acts.withdraw_offer),
    "changed": _decision("orders.chase", acts.changed_there),
    "impossible": _decision("orders.chase", acts.impossible_there),
    "restored": _decision("orders.chase", acts.restored_there),
}


@allowed("orders.see")
def offer_numbered(request: StaffRequest, pk: int) -> HttpResponse:
    """Go to the order of an offer, as work items know it."""
    return redirect("order", _offer(request, pk).chase.order.number)


def _offer(request: StaffRequest, pk: int) -> ChaseOffer:
    seen = Order.objects.visible_to(request.user)
    offers = ChaseOffer.objects.select_related("chase__order")
    found: ChaseOffer = get_object_or_404(offers, pk=pk, chase__order__in=seen)
    return found


def _came_of(made: ChaseOffer) -> str:
    if made.state == OfferState.ASKED:
        return _("A supervisor is asked.")
    if made.waits_there:
        return _("Offered: change the price on the platform now, and say when it is done.")
    return _("Offered: the order costs less now.")
