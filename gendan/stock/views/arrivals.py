"""Expected arrivals: the list, what is to come, who gets it, and its arrival."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_POST

from gendan.catalog.models import Sku
from gendan.orders.models import Order
from gendan.people.access import allowed, at_warehouses
from gendan.people.models import Warehouse
from gendan.people.queries import warehouses_of
from gendan.people.requests import StaffRequest
from gendan.stock import actions
from gendan.stock.actions import Coming, Gets, Goods
from gendan.stock.forms import ExpectForm, goods_of, whole
from gendan.stock.imports import EXPECTED
from gendan.stock.models import Expected, ExpectedState
from gendan.stock.queries.netting import outlook
from gendan.stock.to_come import ARRIVALS
from gendan.ui.errors import Refused
from gendan.ui.importing import import_view
from gendan.ui.listing import list_view
from gendan.ui.returning import way_back

EXPECT = {
    "key": "expect",
    "title": _lazy("Expect goods"),
    "lead": _lazy("What is bought or being made, and when it comes. Dates are promised from it."),
    "quantity": _lazy("Pieces to come"),
    "button": _lazy("Note it"),
    "least": 1,
}


@allowed("stock.see")
def arrivals(request: StaffRequest) -> HttpResponseBase:
    return list_view(request, ARRIVALS)


@allowed("stock.receive")
def arrivals_import(request: StaffRequest) -> HttpResponseBase:
    return import_view(request, EXPECTED)


@allowed("stock.receive")
def arrival_new(request: StaffRequest) -> HttpResponseBase:
    """Note goods that are to come."""
    posted = request.POST if request.method == "POST" else None
    begin = {"due_on": timezone.localdate() + timedelta(days=7)}
    form = ExpectForm(request.user, posted, initial=begin)
    goods = goods_of(request.POST) if posted else []
    complaint = ""
    if posted and form.is_valid():
        try:
            _expect(goods, form.cleaned_data, request)
        except Refused as refused:
            complaint = refused.sentence
        else:
            messages.success(request, _("Noted. Customers who wait can be promised it."))
            return redirect("arrivals")
    asked = request.GET.get("sku", "")
    known = Sku.objects.in_bulk([each.sku_id for each in goods] or _number(asked))
    numbers = {each.sku_id: each.quantity for each in goods}
    lines = [{"sku": sku, "quantity": numbers.get(sku.pk, 1)} for sku in known.values()]
    context = {"mode": EXPECT, "form": form, "complaint": complaint, "lines": lines}
    return render(request, "stock/goods.html", context, status=422 if posted else 200)


@allowed("stock.see")
def arrival(request: StaffRequest, pk: int) -> HttpResponse:
    """Show what is to come, and who will get it."""
    row = get_object_or_404(_seen(request), pk=pk)
    goods = [Goods(row.sku_id, row.outstanding)] if row.outstanding else []
    gets = (
        actions.who_gets(goods, row.warehouse, by=request.user, now=timezone.now()) if goods else []
    )
    context = {
        "row": row,
        "late": row.state == ExpectedState.OPEN and row.due_on < timezone.localdate(),
        "tone": {"OPEN": "info", "ARRIVED": "good"}.get(row.state, "muted"),
        "gets": gets,
        "served": sum(each.gets for each in gets),
        "wanted": sum(each.wants for each in gets),
        "days": outlook(row.sku_id, today=timezone.localdate()),
        "may_receive": request.user.may("stock.receive"),
        "may_overrule": request.user.may("stock.overrule"),
    }
    return render(request, "stock/arrival.html", context)


@allowed("stock.receive")
@require_POST
def arrival_arrive(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Take in pieces of it."""
    row = get_object_or_404(_seen(request), pk=pk)
    try:
        pieces = whole(request.POST.get("quantity", ""))
        if not pieces:
            raise Refused(_("Write how many pieces came."))
        actions.arrive({row.pk: pieces}, by=request.user)
        messages.success(request, _("Taken in. Whoever waits is served now, in turn."))
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect("arrival", pk)


@allowed("stock.see")
@require_POST
def who_gets(request: StaffRequest) -> HttpResponse:
    """Show who would get the goods that are being received."""
    place = whole(request.POST.get("warehouse", ""))
    theirs = [warehouse.pk for warehouse in warehouses_of(request.user)]
    warehouse = get_object_or_404(Warehouse.objects.filter(pk__in=theirs), pk=place)
    goods = [each for each in goods_of(request.POST) if each.quantity > 0]
    gets: Sequence[Gets] = ()
    if goods:
        gets = actions.who_gets(goods, warehouse, by=request.user, now=timezone.now())
    context: dict[str, Any] = {
        "gets": gets,
        "goods": bool(goods),
        "served": sum(each.gets for each in gets),
        "wanted": sum(each.wants for each in gets),
        "may_overrule": request.user.may("stock.overrule"),
    }
    return render(request, "stock/_who_gets.html", context)


@allowed("stock.overrule")
@require_POST
def prefer(request: StaffRequest, number: str, sku: int) -> HttpResponseBase:
    """Let an order have a SKU before its turn, or wait for it again."""
    order = get_object_or_404(Order.objects.visible_to(request.user), number=number)
    wanted = get_object_or_404(Sku, pk=sku)
    chosen, why = Order.objects.numbered([order.pk]), request.POST.get("why", "").strip()
    try:
        if request.POST.get("stop"):
            actions.stop_preferring(chosen, wanted, by=request.user, why=why)
            messages.success(request, _("It waits for its turn again."))
        else:
            actions.prefer(chosen, wanted, by=request.user, now=timezone.now(), why=why)
            messages.success(
                request, _("Order %(number)s gets it first.") % {"number": order.number}
            )
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect(way_back(request, reverse("sku-stock", args=[sku])))


def _seen(request: StaffRequest) -> Any:
    rows = Expected.objects.filter(at_warehouses(request.user))
    return rows.select_related("sku", "warehouse")


def _expect(goods: Sequence[Goods], said: dict[str, Any], request: StaffRequest) -> None:
    if not goods:
        raise Refused(_("Scan or choose goods first."))
    actions.expect(
        [
            Coming(
                said["reference"],
                each.sku_id,
                said["warehouse"].pk,
                each.quantity,
                said["due_on"],
                said["comes_from"],
            )
            for each in goods
        ],
        by=request.user,
    )


def _number(text: str) -> list[int]:
    return [int(text)] if text.isdecimal() else []
