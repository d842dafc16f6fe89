"""Where an order is changed."""

from django.urls import NoReverseMatch, reverse

from gendan.orders.models import Order


def amend_url(order: Order) -> str:
    """Return the page on which the order is changed."""
    try:
        return reverse("order-amend", args=[order.number])
    except NoReverseMatch:
        return reverse("order-change", args=[order.number])
