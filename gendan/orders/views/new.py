"""Taking an order (开单): the page a clerk lives in, and the small answers it asks for."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from gendan.customers.addresses import read_paste
from gendan.orders import actions, drafts
from gendan.orders.forms.place import Desk, Filled
from gendan.orders.forms.typed import whole
from gendan.orders.lacking import told_of
from gendan.orders.models import Draft, InstructionCode, Method, Order
from gendan.orders.newcomers import NEEDS_TEXT, promise
from gendan.orders.queries import caller, customers_like, sku_meant, skus_like
from gendan.orders.stages import Stage
from gendan.people.access import allowed
from gendan.people.models import ShopKind
from gendan.people.queries import shops_of
from gendan.people.requests import StaffRequest

PAID_BY = (Method.WECHAT, Method.ALIPAY, Method.CASH, Method.TRANSFER, Method.PLATFORM)


@allowed("orders.place")
def new(request: StaffRequest) -> HttpResponse:
    """Show the form, empty or from a draft; take the order when it is posted."""
    if request.method == "POST":
        return _place(request)
    draft = None
    if (number := whole(request.GET.get("draft", ""))) is not None:
        draft = get_object_or_404(drafts.drafts_of(request.user), pk=number)
    filled = Filled(draft.data if draft else _opening(request))
    return render(request, "orders/new.html", _shown(request, filled, draft))


def _opening(request: StaffRequest) -> dict[str, list[str]]:
    """Return what a fresh form begins with: the shop the clerk took their last order for."""
    given = request.GET.get("phone", "")
    last = Order.objects.filter(taken_by=request.user).order_by("-pk").first()
    shops = shops_of(request.user)
    by_hand = [shop for shop in shops if shop.kind != ShopKind.WEB] or shops
    shop = last.shop_id if last else by_hand[0].pk if by_hand else ""
    return {"key": [drafts.new_key()], "shop": [str(shop)], "receiver_phone": [given]}


def _place(request: StaffRequest) -> HttpResponse:
    filled = Filled.of(request.POST)
    draft = None if filled.is_empty else drafts.save(request.user, filled.data)
    desk = Desk(filled, request.user, asks_approval="ask" in request.POST)
    now = timezone.now()
    unreadable = list(filled.unreadable())
    try:
        if unreadable:
            raise actions.CannotPlace(unreadable, 1)
        order = _enter(request, draft, desk, now)
        drafts.placed(draft or drafts.save(request.user, filled.data), order.number)
    except actions.CannotPlace:
        shown = _shown(request, filled, draft, complain=True)
        return render(request, "orders/new.html", shown, status=422)
    return HttpResponseRedirect(reverse("order-read", args=[order.number]))


def _enter(request: StaffRequest, draft: Draft | None, desk: Desk, now: datetime) -> Order:
    """Place the order, or write the one anew that the draft became before."""
    number = draft.data.get("order", [""])[0] if draft else ""
    drafts_now = Order.objects.visible_to(request.user).filter(stage=Stage.DRAFT)
    if number and (old := drafts_now.filter(number=number).first()):
        return actions.rewrite({old.pk: desk.new}, by=request.user, now=now).get()
    found = desk.lacks
    order = actions.place([desk.new], by=request.user, now=now).get()
    told_of(order, found, by=request.user, now=now)
    return order


def _shown(
    request: StaffRequest, filled: Filled, draft: Draft | None, *, complain: bool = False
) -> dict[str, Any]:
    desk = Desk(filled, request.user)
    mine = drafts.drafts_of(request.user).exclude(pk=draft.pk if draft else 0)[:8]
    return {
        "filled": filled,
        "desk": desk,
        "said": desk.said if complain else desk.said_already,
        "complain": complain,
        "draft": draft,
        "others": [(other, Filled(other.data)) for other in mine],
        "shops": shops_of(request.user),
        "methods": PAID_BY,
        "codes": [(c, c.label, c in NEEDS_TEXT, filled[f"text_{c}"]) for c in InstructionCode],
        **_heard(desk),
    }


def _heard(desk: Desk) -> dict[str, Any]:
    """What the page says while it is being filled."""
    now = timezone.now()
    return {
        "caller": caller(desk.new.customer_id, desk.new.receiver_phone),
        "rows": desk.rows,
        "sums": desk.sums,
        "lacks": desk.lacks,
        "place": desk.filled.place,
        "promise_at": promise(desk.shop, desk.new.wish_on, now) if desk.shop else None,
        "now": now,
    }


@allowed("orders.place")
@require_POST
def write(request: StaffRequest) -> HttpResponse:
    """Keep what has been typed so far, and answer with sums and hints."""
    filled = Filled.of(request.POST)
    return render(request, "orders/new/_heard.html", _answer(request, filled))


@allowed("orders.place")
@require_POST
def lines(request: StaffRequest) -> HttpResponse:
    """Add a line by what was typed or scanned, or drop one; answer with the lines."""
    filled, missing = Filled.of(request.POST), ""
    added, dropped = request.POST.get("add", ""), whole(request.POST.get("drop", ""))
    if dropped is not None:
        filled = filled.drop(dropped)
    elif chosen := whole(request.POST.get("add_sku", "")):
        filled = filled.add(chosen)
    elif sku := sku_meant(added):
        filled = filled.add(sku.pk)
    else:
        missing = added
    context = _answer(request, filled) | {"missing": missing}
    return render(request, "orders/new/_lines_answer.html", context)


@allowed("orders.place")
@require_POST
def paste(request: StaffRequest) -> HttpResponse:
    """Read name, phone and address out of a pasted text into the fields."""
    pasted = read_paste(request.POST.get("paste", "")[:2000])
    filled = Filled.of(request.POST)
    told = {
        "receiver_name": pasted.name,
        "receiver_phone": str(pasted.phone),
        "address": pasted.address.line,
        "buyer_remark": pasted.rest or filled["buyer_remark"],
    }
    filled = Filled({**filled.data, **{name: [text] for name, text in told.items() if text}})
    context = _answer(request, filled) | {"pasted": pasted}
    return render(request, "orders/new/_where_answer.html", context)


def _answer(request: StaffRequest, filled: Filled) -> dict[str, Any]:
    draft = None
    if not filled.is_empty:
        draft = drafts.save(request.user, filled.data)
    desk = Desk(filled, request.user)
    heard = _heard(desk)
    return {
        "filled": filled,
        "desk": desk,
        "said": desk.said_already,
        "draft": draft,
        "shops": shops_of(request.user),
        **heard,
    }


@allowed("orders.place")
@require_GET
def customers(request: HttpRequest) -> HttpResponse:
    """Complete a phone number or a name with the customers who have it."""
    text = _first(request.GET, "receiver_phone", "receiver_name")
    return render(request, "orders/new/_customers.html", {"found": customers_like(text)})


@allowed("orders.place")
@require_GET
def skus(request: StaffRequest) -> HttpResponse:
    """Complete a code, a name, pinyin initials or a barcode with goods, prices and free stock."""
    text = request.GET.get("find", "").strip()
    shops = {shop.pk: shop for shop in shops_of(request.user)}
    shop = shops.get(whole(request.GET.get("shop", "")) or 0)
    context = {"found": skus_like(text, shop=shop), "text": text}
    return render(request, "orders/new/_skus.html", context)


@allowed("orders.place")
@require_POST
def discard(request: StaffRequest) -> HttpResponse:
    """Throw a draft away."""
    drafts.discard(request.user, whole(request.POST.get("draft", "")) or 0)
    return HttpResponseRedirect(reverse("order-new"))


def _first(query: QueryDict, *names: str) -> str:
    return next((text for name in names if (text := query.get(name, ""))), "")
