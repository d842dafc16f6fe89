"""The list of orders."""

from django.http import HttpRequest, HttpResponseBase

from gendan.orders.listing import orders_listing
from gendan.people.access import allowed
from gendan.ui.listing import list_view


@allowed("orders.see")
def orders(request: HttpRequest) -> HttpResponseBase:
    return list_view(request, orders_listing)
