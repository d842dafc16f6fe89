"""What shops call our goods: the list, and completion for whoever maps a code."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render

from gendan.catalog import imports, queries
from gendan.catalog.lists import SHOP_CODES
from gendan.people.access import allowed
from gendan.people.requests import StaffRequest
from gendan.ui.importing import import_view
from gendan.ui.listing import list_view


@allowed("catalog.see")
def shop_codes(request: HttpRequest) -> HttpResponseBase:
    return list_view(request, SHOP_CODES, template="catalog/shop_codes.html")


@allowed("intake.map")
def import_shop_codes(request: HttpRequest) -> HttpResponseBase:
    return import_view(request, imports.SHOP_CODES)


@allowed("catalog.see")
def shop_code_options(request: StaffRequest, pk: int) -> HttpResponse:
    """Offer SKUs for a shop's code: what was typed, else what is probably meant."""
    codes = queries.shop_codes_of(request.user)
    code = get_object_or_404(codes, pk=pk)
    typed = request.GET.get("q", "").strip()
    meant = codes.filter(pk=pk)
    found = queries.complete_sku(typed) if typed else queries.meant_by(meant)
    return render(request, "catalog/_options.html", {"skus": found, "code": code})
