"""SKUs: the list, and the page of one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from gendan.catalog import imports, queries
from gendan.catalog.actions import save_skus
from gendan.catalog.forms import SkuForm
from gendan.catalog.lists import SKUS
from gendan.catalog.models import Sku
from gendan.journal.queries import timeline
from gendan.people.access import allowed
from gendan.people.requests import StaffRequest
from gendan.ui.errors import Refused
from gendan.ui.importing import import_view
from gendan.ui.listing import list_view


@allowed("catalog.see")
def skus(request: HttpRequest) -> HttpResponseBase:
    return list_view(request, SKUS)


@allowed("catalog.manage")
def import_skus(request: HttpRequest) -> HttpResponseBase:
    return import_view(request, imports.GOODS)


@allowed("catalog.see")
def sku(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Show a SKU; with the right to change goods, save what the form says."""
    found = get_object_or_404(Sku, pk=pk)
    may = request.user.may("catalog.manage")
    form = SkuForm(request.POST or None, instance=found)
    form.fields["code"].disabled = True
    if request.method == "POST" and may and form.is_valid():
        try:
            save_skus([form.cleaned_data], by=request.user, why=request.POST.get("why", ""))
        except Refused as refused:
            form.add_error("barcode", refused.sentence)
        else:
            messages.success(request, _("Saved."))
            return redirect("sku", pk)
    shown = queries.skus().get(pk=pk)
    context = {
        "sku": shown,
        "form": form,
        "may": may,
        "prices": queries.price_history(shown),
        "codes": queries.shop_codes_of(request.user).filter(sku=shown).order_by("shop__code"),
        "substitutes": shown.substitutes.select_related("instead").order_by("rank", "pk"),
        "parts": queries.parts_of(shown),
        "within": queries.sets_with(shown),
        "blanks": ("a", "b"),
        "stock_url": _stock_page(shown),
        "acts": timeline({"catalog_sku": [pk]}),
    }
    return render(request, "catalog/sku.html", context, status=422 if form.errors else 200)


def _stock_page(sku: Sku) -> str:
    """The ledger of the SKU, in a room after this one; nothing while it has no such page."""
    for argument in (sku.pk, sku.code):
        try:
            return reverse("sku-stock", args=[argument])
        except NoReverseMatch:
            continue
    return ""
