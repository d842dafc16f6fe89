"""Presales: the list, opening one, changing one, and what leaves before them."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from gendan.catalog.models import Sku
from gendan.journal.queries import timeline
from gendan.people.access import allowed, at_shops
from gendan.people.requests import StaffRequest
from gendan.stock import actions, presold
from gendan.stock.actions import NewPresale
from gendan.stock.forms import PartingForm, PresaleForm
from gendan.stock.models import Presale
from gendan.stock.to_come import PRESALES
from gendan.ui.errors import Refused
from gendan.ui.listing import list_view

SHOWN = 50


@allowed("stock.see")
def presales(request: StaffRequest) -> HttpResponseBase:
    return list_view(request, PRESALES)


@allowed("stock.settle")
def presale_new(request: StaffRequest) -> HttpResponseBase:
    """Open a presale."""
    form = PresaleForm(request.POST if request.method == "POST" else None)
    code = (request.POST if request.method == "POST" else request.GET).get("sku", "").strip()
    sku = Sku.objects.filter(code=code).first()
    if request.method == "POST":
        if sku is None:
            form.add_error(None, _("Choose goods from the list."))
        elif form.is_valid():
            said: dict[str, Any] = form.cleaned_data
            shop = said.pop("shop")
            new = NewPresale(sku_id=sku.pk, shop_id=shop.pk if shop else None, **said)
            try:
                made = actions.presell(new, by=request.user)
            except Refused as refused:
                form.add_error(None, refused.sentence)
            else:
                messages.success(request, _("The presale is open."))
                return redirect("presale", made.pk)
    context = {"form": form, "sku": sku, "code": code}
    return render(request, "stock/presale.html", context, status=422 if form.errors else 200)


@allowed("stock.see")
def presale(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Show a presale and who has claimed pieces of it; change how many, until when, which day."""
    rows = Presale.objects.filter(at_shops(request.user, or_none=True))
    row = get_object_or_404(rows.select_related("sku", "shop"), pk=pk)
    may = request.user.may("stock.settle")
    form = PresaleForm(request.POST or None, instance=Presale.objects.get(pk=pk))
    if request.method == "POST" and may and form.is_valid():
        said = form.cleaned_data
        try:
            actions.change_presale(
                row,
                pool=said["pool"],
                ends_at=said["ends_at"],
                ships_on=said["ships_on"],
                by=request.user,
                why=request.POST.get("why", ""),
            )
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, _("Saved."))
            return redirect("presale", pk)
    theirs = row.claims.filter(at_shops(request.user, "order__shop"))
    claims = theirs.select_related("order__shop").order_by("-pk")[:SHOWN]
    context = {
        "form": form,
        "row": row,
        "sku": row.sku,
        "claims": claims,
        "may": may,
        "acts": timeline({"stock_presale": [pk]}),
    }
    return render(request, "stock/presale.html", context, status=422 if form.errors else 200)


@allowed("stock.settle")
def parting_rules(request: StaffRequest) -> HttpResponseBase:
    """Show what may leave before the rest of its order, and save it."""
    form = PartingForm(request.POST or None, instance=presold.parting_rules())
    if request.method == "POST" and form.is_valid():
        why = request.POST.get("why", "").strip()[:200]
        actions.save_parting_rules(form.save(commit=False), by=request.user, why=why)
        messages.success(request, _("Saved."))
        return redirect("parting-rules")
    context = {"form": form, "acts": timeline({"stock_partingrules": [1]})}
    status = 422 if form.errors else 200
    return render(request, "stock/parting_rules.html", context, status=status)
