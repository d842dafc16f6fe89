"""What stock does with an order from its page: promise goods, or take the promise back."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gendan.orders.models import Order, OrderQuerySet
from gendan.people.access import allowed
from gendan.people.requests import StaffRequest
from gendan.stock.actions import reserve, unreserve
from gendan.ui.errors import Refused
from gendan.ui.returning import way_back


@allowed("stock.reserve")
@require_POST
def reserve_one(request: StaffRequest, number: str) -> HttpResponseBase:
    """Promise goods to the order now, if they are there."""

    def act(orders: OrderQuerySet) -> str:
        served = reserve(orders, by=request.user, now=timezone.now())
        return _("The goods are reserved.") if served else _("There is not enough yet.")

    return _act(request, number, act)


@allowed("stock.reserve")
@require_POST
def unreserve_one(request: StaffRequest, number: str) -> HttpResponseBase:
    """Take the promise back; the order waits for stock again."""

    def act(orders: OrderQuerySet) -> str:
        why = request.POST.get("why", "").strip()
        if not why:
            raise Refused(_("Say why: the customer waits for these goods."))
        unreserve(orders, by=request.user, why=why)
        return _("The goods are free for others.")

    return _act(request, number, act)


def _act(
    request: StaffRequest, number: str, act: Callable[[OrderQuerySet], str]
) -> HttpResponseBase:
    order = get_object_or_404(Order.objects.visible_to(request.user), number=number)
    try:
        messages.success(request, act(Order.objects.numbered([order.pk])))
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect(way_back(request, reverse("order", args=[number])))
