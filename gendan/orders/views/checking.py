"""Checking an order with its customer: item, content, what to say; tick or correct."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gendan.desk.models import Channel
from gendan.orders.actions.ask_check import ask_check
from gendan.orders.actions.check import NewMark, check, mark, unmark
from gendan.orders.actions.confirm import ASKED_AT
from gendan.orders.answering import Heard
from gendan.orders.checking import Progress, progress_of
from gendan.orders.checklists import install_checklist
from gendan.orders.forms.typed import whole
from gendan.orders.models import Order
from gendan.orders.views.request import only, order_of
from gendan.people.access import allowed
from gendan.people.requests import StaffRequest
from gendan.ui.errors import Refused

SPOKEN = (Channel.PHONE, Channel.CHAT, Channel.MAIL, Channel.FAX)
WRITTEN = (Channel.CHAT, Channel.MAIL)


@allowed("orders.confirm")
def checked(request: StaffRequest, number: str) -> HttpResponse:
    """Show what is to be checked and what was ticked; tick, take back, finish."""
    order = order_of(request, number)
    install_checklist(by=request.user)
    if request.method != "POST":
        return _page(request, order)
    try:
        done = ACTS.get(request.POST.get("act", ""), _mark)(request, order)
    except Refused as refused:
        return _page(request, order, refused.sentence, status=422)
    return done or _page(request, order)


@allowed("desk.write")
@require_POST
def write(request: StaffRequest, number: str) -> HttpResponse:
    """Write the whole order to the customer, to be answered with one tap."""
    order = order_of(request, number)
    channel = request.POST.get("channel", "")
    channel = channel if channel in WRITTEN else Channel.CHAT
    written = ask_check(only(order), channel, by=request.user, now=timezone.now())
    return HttpResponseRedirect(reverse("message", args=[written.get().pk]))


def _mark(request: StaffRequest, order: Order) -> None:
    new = NewMark(
        order.pk,
        whole(request.POST.get("item", "")) or 0,
        is_right=request.POST.get("act") != "wrong",
        words=request.POST.get("words", ""),
        seen=request.POST.get("seen", "").replace("\r\n", "\n"),
    )
    mark([new], by=request.user, now=timezone.now())


def _unmark(request: StaffRequest, order: Order) -> None:
    unmark(only(order), whole(request.POST.get("item", "")) or 0, by=request.user)


def _finish(request: StaffRequest, order: Order) -> HttpResponse:
    channel = request.POST.get("channel", "")
    check(
        only(order),
        by=request.user,
        now=timezone.now(),
        words=request.POST.get("words", "").strip()[:1000],
        heard=Heard(channel if channel in SPOKEN else Channel.PHONE),
    )
    order.refresh_from_db()
    messages.success(request, _finished(order))
    page = reverse("order", args=[order.number])
    if request.htmx:
        return HttpResponse(headers={"HX-Redirect": page})
    return HttpResponseRedirect(page)


def _finished(order: Order) -> str:
    if progress_of(only(order))[order.pk].round:
        return _("Checked once. A colleague makes the second check.")
    return _("Checked: the customer agrees.")


ACTS: dict[str, Callable[[StaffRequest, Order], HttpResponse | None]] = {
    "right": _mark,
    "wrong": _mark,
    "undo": _unmark,
    "finish": _finish,
}


def _page(
    request: StaffRequest, order: Order, complaint: str = "", *, status: int = 200
) -> HttpResponse:
    progress = progress_of(only(order))[order.pk]
    shown = {
        "order": order,
        "progress": progress,
        "total": len(progress.items),
        "complaint": complaint,
        "own_first": progress.round == 2 and progress.first_by == request.user,
        "past": order.stage not in ASKED_AT,
        "spoken": [Channel(channel) for channel in SPOKEN],
        "written": [Channel(channel) for channel in WRITTEN],
        "evidence": order.confirmations.exclude(answered_at=None).order_by("-answered_at"),
        **_tone(progress),
    }
    fragment = request.headers.get("HX-Target") == "check"
    template = "orders/checking/_check.html" if fragment else "orders/checking/check.html"
    return render(request, template, shown, status=200 if fragment else status)


def _tone(progress: Progress) -> dict[str, Any]:
    return {"tone": "good" if not progress.open_items else "warn"}
