"""A SKU's stock: where it lies, who holds it, who waits for it, and its ledger."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gendan.catalog.models import Sku
from gendan.people.access import allowed, at_warehouses
from gendan.people.models import Warehouse
from gendan.people.requests import StaffRequest
from gendan.stock import queries
from gendan.stock.actions import place_at
from gendan.stock.forms import LocationForm, whole
from gendan.stock.queries.netting import outlook
from gendan.stock.to_come import ARRIVALS


@allowed("stock.see")
def sku_stock(request: StaffRequest, pk: int) -> HttpResponse:
    """Show the page."""
    sku = get_object_or_404(Sku.objects.select_related("product"), pk=pk)
    found = queries.balances(request.user).filter(sku=sku)
    balances: list[Any] = list(found.order_by("warehouse__rank"))
    context = {
        "sku": sku,
        "balances": balances,
        "on_hand": sum(b.on_hand for b in balances),
        "reserved": sum(b.reserved for b in balances),
        "free": sum(b.free for b in balances),
        "holders": queries.holders(sku, request.user),
        "waiting": queries.waiting_for(sku, request.user),
        "expected": list(ARRIVALS.rows(request.user).filter(sku=sku, state="OPEN")),
        "days": outlook(sku.pk, today=timezone.localdate()),
        "sku_id": sku.pk,
        "may_overrule": request.user.may("stock.overrule"),
        "may_adjust": request.user.may("stock.adjust"),
        "may_receive": request.user.may("stock.receive"),
        "may_reserve": request.user.may("stock.reserve"),
        **_ledger(request, sku, None),
    }
    return render(request, "stock/sku.html", context)


@allowed("stock.see")
def older(request: StaffRequest, pk: int) -> HttpResponse:
    """Show older rows of the ledger."""
    sku = get_object_or_404(Sku, pk=pk)
    before = whole(request.GET.get("before", ""))
    return render(request, "stock/_ledger.html", {"sku": sku, **_ledger(request, sku, before)})


@allowed("stock.adjust")
@require_POST
def location(request: StaffRequest, pk: int, warehouse: int) -> HttpResponseBase:
    """Say where in a warehouse the SKU lies."""
    sku = get_object_or_404(Sku, pk=pk)
    place = get_object_or_404(
        Warehouse.objects.filter(at_warehouses(request.user, "pk")), pk=warehouse
    )
    form = LocationForm(request.POST)
    if form.is_valid():
        place_at({sku.pk: form.cleaned_data["location"]}, place, by=request.user)
        messages.success(request, _("Saved."))
    else:
        messages.error(request, _("Write where it lies, such as A-01-04."))
    return redirect("sku-stock", pk)


def _ledger(request: StaffRequest, sku: Sku, before: int | None) -> dict[str, object]:
    moved = queries.ledger(sku, request.user, before=before)
    more = moved[-1].row.pk if len(moved) == queries.PAGE else None
    return {"moved": moved, "more": more}
