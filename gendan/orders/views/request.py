"""What every page about one order begins with."""

from django.http import Http404

from gendan.orders.models import Order, OrderQuerySet
from gendan.people.requests import StaffRequest
from gendan.ui.prepared import Given, Prepared

NUMBERED = Prepared(
    lambda: Order.objects.filter(number=Given("number")).select_related(
        "shop", "customer", "taken_by"
    )
)


def order_of(request: StaffRequest, number: str) -> Order:
    """Return the order, if the person sees its shop; a stranger gets 404."""
    shops = request.user.shop_ids
    for order in NUMBERED(number=number):
        if shops is None or order.shop_id in shops:
            return order
    raise Http404


def only(order: Order) -> OrderQuerySet:
    """Return the order as the set of one that actions take."""
    return Order.objects.numbered([order.pk])
