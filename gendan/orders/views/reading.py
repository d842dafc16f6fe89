"""The second reading: the clerk reads the essentials back, ticks each, and the order is final."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gendan.orders import actions, drafts
from gendan.orders.checking import Asked, progress_of
from gendan.orders.checklists import install_checklist
from gendan.orders.forms.place import COD, LATER, Filled
from gendan.orders.models import Draft, Method, Order
from gendan.orders.stages import Stage
from gendan.orders.views.new import PAID_BY
from gendan.orders.views.request import only, order_of
from gendan.people.access import allowed
from gendan.people.requests import StaffRequest
from gendan.ui.errors import Refused
from gendan.ui.wording import fen_number
from gendan.worklist.models import Item, Kind


@allowed("orders.place")
def read(request: StaffRequest, number: str) -> HttpResponse:
    """Show what to read back; make the order final when everything is ticked."""
    order = order_of(request, number)
    if order.stage != Stage.DRAFT:
        return HttpResponseRedirect(reverse("order", args=[number]))
    install_checklist(by=request.user)
    if request.method != "POST":
        return render(request, "orders/read.html", _shown(request, order))
    asked = {each.item.code for each in _essentials(order)}
    open_keys = asked - set(request.POST.getlist("ticked"))
    if open_keys:
        complaint = _("Read every essential back and tick it first.")
        return render(request, "orders/read.html", _shown(request, order, complaint), status=422)
    try:
        return _finish(request, order)
    except Refused as refused:
        shown = _shown(request, order, refused.sentence)
        return render(request, "orders/read.html", shown, status=422)


def _finish(request: StaffRequest, order: Order) -> HttpResponse:
    """Make it final, and go where the clerk wants to go: to the order, or to the next caller."""
    now = timezone.now()
    actions.read_again(
        only(order),
        by=request.user,
        now=now,
        payments=list(_payments(request, order)),
        heard="heard" in request.POST,
    )
    drafts.final(order.number)
    order.refresh_from_db(fields=["stage"])
    messages.success(request, _said(order))
    next_one = request.POST.get("then") == "next"
    page = reverse("order-new") if next_one else reverse("order", args=[order.number])
    return HttpResponseRedirect(page)


def _said(order: Order) -> str:
    if order.stage == Stage.DRAFT:
        sentence = _("Order %(number)s is read; it moves on when the price is approved.")
    else:
        sentence = _("Order %(number)s is final.")
    return sentence % {"number": order.number}


def _payments(request: StaffRequest, order: Order) -> Iterator[actions.NewPayment]:
    method = request.POST.get("payment", LATER)
    left = order.total_fen - order.paid_fen
    if method in PAID_BY and left > 0 and request.user.may("orders.pay"):
        reference = request.POST.get("reference", "").strip()[:80]
        yield actions.NewPayment(order.pk, method, left, reference)


def _shown(request: StaffRequest, order: Order, complaint: str = "") -> dict[str, Any]:
    draft = Draft.objects.filter(person=request.user, data__order=[order.number]).first()
    filled = Filled(draft.data if draft else {})
    chosen = request.POST.get("payment") or filled["payment"] or LATER
    waiting = Item.objects.open().filter(kind=Kind.APPROVAL, subject="order", subject_id=order.pk)
    return {
        "order": order,
        "lines": order.lines.all(),
        "essentials": _essentials(order),
        "ticked": request.POST.getlist("ticked"),
        "complaint": complaint,
        "methods": [Method(method) for method in PAID_BY],
        "payment": COD if order.is_cod else chosen,
        "reference": request.POST.get("reference", filled["reference"]),
        "approval": waiting.first(),
    }


def _essentials(order: Order) -> list[Asked]:
    """Return what is read back: the checklist's items that the order has something to say to."""
    return list(progress_of(only(order))[order.pk].items)


@allowed("orders.place")
@require_POST
def anew(request: StaffRequest, number: str) -> HttpResponse:
    """Go back to the form with a draft order, whoever began it."""
    order = order_of(request, number)
    if order.stage != Stage.DRAFT:
        messages.error(request, _("The order is final; ask for an amendment instead."))
        return HttpResponseRedirect(reverse("order", args=[number]))
    mine = drafts.drafts_of(request.user).filter(data__order=[number]).first()
    draft = mine or drafts.save(request.user, _as_typed(order))
    drafts.placed(draft, number)
    return HttpResponseRedirect(f"{reverse('order-new')}?draft={draft.pk}")


def _as_typed(order: Order) -> dict[str, list[str]]:
    lines = list(order.lines.all())
    wishes = list(order.instructions.all())
    own_discount = order.discount_fen - sum(line.discount_fen for line in lines)
    return {
        "shop": [str(order.shop_id)],
        "customer": [str(order.customer_id or "")],
        "receiver_name": [order.receiver_name],
        "receiver_phone": [order.receiver_phone],
        "address": [order.full_address],
        "buyer": [order.buyer],
        "discount": [_plain(own_discount)],
        "postage": [_plain(order.postage_fen)],
        "payment": [COD if order.is_cod else LATER],
        "wish_on": [order.wish_on.isoformat() if order.wish_on else ""],
        "carrier_wish": [order.carrier_wish],
        "buyer_remark": [order.buyer_remark],
        "warehouse_remark": [order.warehouse_remark],
        "line_sku": [str(line.sku_id or "") for line in lines],
        "line_quantity": [str(line.quantity) for line in lines],
        "line_price": [_plain(line.price_fen) for line in lines],
        "line_discount": [_plain(line.discount_fen) for line in lines],
        "instruction": [wish.code for wish in wishes],
        **{f"text_{wish.code}": [wish.text] for wish in wishes},
    }


def _plain(fen: int) -> str:
    return fen_number(fen) if fen else ""
