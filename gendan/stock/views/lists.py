"""What lies where, and the opening stock from a file."""

from django.http import HttpResponseBase

from gendan.people.access import allowed
from gendan.people.requests import StaffRequest
from gendan.stock.imports import OPENING
from gendan.stock.lists import STOCK
from gendan.ui.importing import import_view
from gendan.ui.listing import list_view


@allowed("stock.see")
def stock(request: StaffRequest) -> HttpResponseBase:
    return list_view(request, STOCK)


@allowed("stock.adjust")
def opening(request: StaffRequest) -> HttpResponseBase:
    return import_view(request, OPENING)
