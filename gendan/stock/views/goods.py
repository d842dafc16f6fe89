"""Lists of goods by scanner or keyboard: received, adjusted, counted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gendan.catalog.models import Sku
from gendan.catalog.queries import complete_sku
from gendan.people.access import allowed
from gendan.people.models import Person
from gendan.people.requests import StaffRequest
from gendan.stock.actions import Goods, adjust, count, receive
from gendan.stock.forms import GoodsForm, goods_of, whole
from gendan.stock.models import Balance
from gendan.ui.errors import Refused


@dataclass(frozen=True)
class Mode:
    """One of the three acts: its words, its quantity, and the act itself."""

    key: str
    title: Promise
    lead: Promise
    quantity: Promise
    button: Promise
    asks_why: bool
    least: int | None
    run: Callable[..., int]


def _receive(goods: Sequence[Goods], said: dict[str, Any], by: Person) -> int:
    return receive(goods, said["warehouse"], by=by, document=said["document"])


def _adjust(goods: Sequence[Goods], said: dict[str, Any], by: Person) -> int:
    return adjust(goods, said["warehouse"], by=by, why=said["why"])


def _count(goods: Sequence[Goods], said: dict[str, Any], by: Person) -> int:
    return count(goods, said["warehouse"], by=by, why=said["why"])


RECEIVE = Mode(
    "receive",
    _("Receive goods"),
    _("Scan each piece, or choose goods and write how many. Orders that wait are served at once."),
    _("Pieces received"),
    _("Receive"),
    False,
    1,
    _receive,
)
ADJUST = Mode(
    "adjust",
    _("Adjust stock"),
    _("Write by how many pieces the stock changes: 2 or -2. It stands in the journal, with why."),
    _("Change by"),
    _("Adjust"),
    True,
    None,
    _adjust,
)
COUNT = Mode(
    "count",
    _("Count stock"),
    _("Scan or write how many pieces lie there; the difference is worked out."),
    _("Counted"),
    _("Take over the count"),
    True,
    0,
    _count,
)


@allowed("stock.receive")
def receiving(request: StaffRequest) -> HttpResponseBase:
    return _page(request, RECEIVE)


@allowed("stock.adjust")
def adjusting(request: StaffRequest) -> HttpResponseBase:
    return _page(request, ADJUST)


@allowed("stock.adjust")
def counting(request: StaffRequest) -> HttpResponseBase:
    return _page(request, COUNT)


@allowed("stock.see")
def skus(request: StaffRequest) -> HttpResponse:
    """Offer SKUs for what was typed."""
    found = complete_sku(request.GET.get("find", ""))
    return render(request, "stock/_skus.html", {"skus": found})


@allowed("stock.see")
def row(request: StaffRequest) -> HttpResponse:
    """Return the row of a SKU, chosen by id, or scanned as code or barcode."""
    pk, text = request.GET.get("sku", ""), request.GET.get("text", "").strip()
    found = Sku.objects.filter(pk=pk).first() if pk.isdecimal() else _scanned(text)
    if found is None:
        return render(request, "stock/_unknown.html", {"text": text}, status=404)
    place = whole(request.GET.get("warehouse", ""))
    context = {"line": _line(found, place, 1), "mode": _mode(request.GET.get("mode", ""))}
    return render(request, "stock/_row.html", context)


def _page(request: StaffRequest, mode: Mode) -> HttpResponseBase:
    posted = request.POST if request.method == "POST" else None
    form = GoodsForm(request.user, posted, asks_why=mode.asks_why)
    goods = goods_of(request.POST) if posted else []
    complaint: str | Promise = ""
    if posted and form.is_valid():
        try:
            if not goods:
                raise Refused(str(_("Scan or choose goods first.")))
            mode.run(goods, form.cleaned_data, request.user)
        except Refused as refused:
            complaint = refused.sentence
        else:
            messages.success(request, _("Done. The ledger has it."))
            return redirect("stock")
    asked = request.GET.get("sku", "")
    known = Sku.objects.in_bulk(
        [g.sku_id for g in goods] or ([int(asked)] if asked.isdecimal() else [])
    )
    numbers = {item.sku_id: item.quantity for item in goods}
    place = whole(str(form["warehouse"].value() or ""))
    context = {
        "mode": mode,
        "form": form,
        "complaint": complaint,
        "lines": [_line(sku, place, numbers.get(sku.pk, 1)) for sku in known.values()],
    }
    return render(request, "stock/goods.html", context, status=422 if posted else 200)


def _line(sku: Sku, warehouse: int | None, quantity: int) -> dict[str, Any]:
    balance = Balance.objects.filter(sku=sku, warehouse=warehouse).first() if warehouse else None
    return {"sku": sku, "balance": balance, "quantity": quantity}


def _mode(key: str) -> Mode:
    return {"adjust": ADJUST, "count": COUNT}.get(key, RECEIVE)


def _scanned(text: str) -> Sku | None:
    exact = Sku.objects.filter(barcode=text) | Sku.objects.filter(code__iexact=text)
    return exact.first() if text else None
