"""A stocktake as of a moment: the goods, the arithmetic, and the act."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gendan.catalog.models import Sku
from gendan.people.access import allowed
from gendan.people.requests import StaffRequest
from gendan.stock.actions import Goods
from gendan.stock.actions.count import Counted, preview, take_stock
from gendan.stock.counting import STOCKTAKE, StocktakeForm
from gendan.stock.forms import goods_of, whole
from gendan.stock.models import Balance
from gendan.stock.views.goods import COUNT
from gendan.ui.errors import Refused
from gendan.ui.importing import import_view

TITLE = gettext_lazy("Stocktake")


@allowed("stock.adjust")
def stocktake(request: StaffRequest) -> HttpResponseBase:
    """Show the page, the arithmetic of what is filled in, or take it over."""
    posted = request.POST if request.method == "POST" else None
    form = StocktakeForm(request.user, posted, asks_why=True, initial={"at": _now()})
    goods = goods_of(request.POST) if posted else []
    context: dict[str, Any] = {"mode": COUNT, "form": form, "title": TITLE}
    only_look = bool(posted and request.headers.get("HX-Request"))
    if posted and (form.is_valid() or (only_look and {"at", "warehouse"} <= {*form.cleaned_data})):
        try:
            told = _run(request, form.cleaned_data, goods, only_look=only_look)
        except Refused as refused:
            context["complaint"] = refused.sentence
        else:
            if not only_look:
                messages.success(request, _("Done. The ledger has it."))
                return redirect("stock")
            context["told"] = told
    if only_look:
        return render(request, "stock/stocktake/_arithmetic.html", context)
    context["lines"] = _lines(goods, str(form["warehouse"].value() or ""))
    return render(request, "stock/stocktake/page.html", context, status=422 if posted else 200)


@allowed("stock.adjust")
def stocktake_import(request: StaffRequest) -> HttpResponseBase:
    return import_view(request, STOCKTAKE)


def _run(
    request: StaffRequest, said: dict[str, Any], goods: Sequence[Goods], *, only_look: bool
) -> Any:
    if not goods:
        raise Refused(_("Scan or choose goods first."))
    counts = [Counted(item.sku_id, item.quantity, said["at"]) for item in goods]
    now = timezone.now()
    if only_look:
        return preview(counts, said["warehouse"], by=request.user, now=now)
    return take_stock(counts, said["warehouse"], by=request.user, now=now, why=said["why"])


def _lines(goods: Sequence[Goods], warehouse: str) -> list[dict[str, Any]]:
    skus = Sku.objects.in_bulk([item.sku_id for item in goods])
    place = whole(warehouse)
    lying = Balance.objects.filter(sku__in=skus, warehouse=place) if place else ()
    at = {balance.sku_id: balance for balance in lying}
    return [
        {"sku": skus[item.sku_id], "balance": at.get(item.sku_id), "quantity": item.quantity}
        for item in goods
    ]


def _now() -> str:
    return f"{timezone.localtime():%Y-%m-%dT%H:%M}"
