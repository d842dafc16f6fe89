"""What every page about one order begins with."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from gendan.orders.models import Order, OrderQuerySet
from gendan.people.models import Person


class StaffRequest(HttpRequest):
    """A request of somebody signed in."""

    user: Person


def order_of(request: StaffRequest, number: str) -> Order:
    """Return the order, if the person sees its shop; a stranger gets 404."""
    visible = Order.objects.visible_to(request.user).select_related("shop", "customer", "taken_by")
    return get_object_or_404(visible, number=number)


def only(order: Order) -> OrderQuerySet:
    """Return the order as the set of one that actions take."""
    return Order.objects.numbered([order.pk])
