"""Chasing payment: the queue, one order after the other, offers, plans, and what it brings."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from gendan.desk import links
from gendan.desk.answers import Sure
from gendan.orders.actions import chase as acts
from gendan.orders.chase_listing import chase_listing
from gendan.orders.chase_replies import ends_by_a_word, is_ours, may_end
from gendan.orders.chase_sure import sure_to_cancel
from gendan.orders.chasing import is_quiet, rules
from gendan.orders.forms.chase import (
    OutcomeForm,
    SayForm,
)
from gendan.orders.models import ChaseOutcome, ChaseTouch, Order
from gendan.orders.queries.chasing import Talk, next_in_turn, talk, waiting_now
from gendan.orders.stages import Source
from gendan.orders.views.request import order_of
from gendan.people.access import allowed
from gendan.people.requests import StaffRequest
from gendan.ui.errors import Refused
from gendan.ui.listing import list_view
from gendan.worklist.actions import claim
from gendan.worklist.models import Item

LATEST = 20  # a clerk promises no later than eight in the evening


@allowed("orders.chase")
def queue(request: StaffRequest) -> HttpResponseBase:
    """Show the list, with what is due now."""
    context = {
        "waiting": waiting_now(request.user),
        "is_set_up": rules() is not None,
        "may_plan": request.user.may("orders.plan_chasing"),
    }
    return list_view(request, chase_listing, template="orders/chase/list.html", context=context)


@allowed("orders.chase")
@require_POST
def go_on(request: StaffRequest) -> HttpResponseBase:
    """Take the next order of the queue, and go to it."""
    skipped = [number for number in request.POST.get("skipped", "").split(",") if number][-200:]
    now = timezone.now()
    found = next_in_turn(request.user, now=now, skipped=skipped)
    if found is None:
        messages.success(request, _("Nobody else is due for a word now."))
        return redirect("chasing")
    try:
        claim(Item.objects.filter(pk=found.item_id), by=request.user)
    except Refused:  # a colleague was faster: take the one after it
        messages.error(request, _("A colleague was faster. Take the next one."))
        return redirect("chasing")
    tail = f"?skipped={','.join(skipped)}" if skipped else ""
    return redirect(reverse("chase", args=[found.number]) + tail)


@allowed("orders.chase")
def chase(request: StaffRequest, number: str) -> HttpResponseBase:
    """Show what to say about an order, and note what was said."""
    order = order_of(request, number)
    if request.method != "POST":
        return _talk(request, order)
    form = SayForm(request.POST)
    if not form.is_valid():
        return _talk(request, order, form)
    if "keep" in request.POST:
        return _talk(request, order, SayForm({**request.POST.dict(), "outcome": ""}), status=200)
    sure = _second(request, order, form.cleaned_data["outcome"])
    if sure:
        return _talk(request, order, form, sure=sure, status=200)
    try:
        acts.say([_said(order, form.cleaned_data)], by=request.user, now=timezone.now())
    except Refused as refused:
        return _talk(request, order, form, refused.sentence)
    messages.success(request, _noted(order, form.cleaned_data["outcome"]))
    return go_on(request) if "next" in request.POST else redirect("chase", number)


@allowed("orders.chase")
def outcome(request: StaffRequest, pk: int) -> HttpResponse:
    """Note later what came of a word."""
    seen = Order.objects.visible_to(request.user)
    touch = get_object_or_404(
        ChaseTouch.objects.select_related("chase__order"), pk=pk, chase__order__in=seen
    )
    form = OutcomeForm(request.POST if request.method == "POST" else None)
    complaint, title = "", _("What came of it")
    if form.is_valid():
        said, order = form.cleaned_data, touch.chase.order
        if sure := _second(request, order, said["outcome"]):
            return dialog(request, order, title, form, sure=sure)
        try:
            acts.note_outcome(touch, by=request.user, now=timezone.now(), **said)
            messages.success(request, _noted(order, said["outcome"]))
            return back(request, touch.chase.order.number)
        except Refused as refused:
            complaint = refused.sentence
    return dialog(request, touch.chase.order, title, form, complaint)


def _second(request: StaffRequest, order: Order, outcome: str) -> Sure | None:
    """Return what is asked once more, unless it was: who wants nothing any more ends the order."""
    asks = outcome == ChaseOutcome.NO_INTEREST and "sure" not in request.POST
    return sure_to_cancel(order) if asks and may_end(request.user) else None


def _noted(order: Order, outcome: str) -> str:
    """Say that it is noted, and what is left to do where a word does not end the order."""
    if outcome != ChaseOutcome.NO_INTEREST or ends_by_a_word(order):
        return _("Noted.")
    if is_ours(order):
        return _("A part is paid: agree on what to give back, then cancel it on the order's page.")
    return _("Close it on the platform; its next file closes it here.")


def _talk(
    request: StaffRequest,
    order: Order,
    form: SayForm | None = None,
    complaint: str = "",
    *,
    sure: Sure | None = None,
    status: int = 422,
) -> HttpResponse:
    now, binding = timezone.now(), rules()
    known = talk(order, now=now)
    evening = timezone.localtime(now).replace(hour=LATEST, minute=0, second=0, microsecond=0)
    at = evening if evening > now else evening + timedelta(days=1)
    context = {
        "order": order,
        "talk": known,
        "form": form or SayForm(initial=_initial(known)),
        "complaint": complaint,
        "sure": sure,
        "goes_on": "next" in request.POST,
        "quiet": binding if binding and is_quiet(binding, now) else None,
        "at": at,
        "skipped": request.POST.get("skipped", request.GET.get("skipped", "")),
        "waiting": waiting_now(request.user),
        "may_decide": request.user.may("orders.below_floor"),
        "may_pay": request.user.may("orders.pay"),
        "link": _link(known),
        "speaks": bool(known.chase and order.stage == "UNPAID" and not known.chase.is_held_out),
    }
    return render(request, "orders/chase/talk.html", context, status=status if form else 200)


def _link(known: Talk) -> str:
    """Return where the customer answers; a platform takes it ill if its buyers are led away."""
    ours = known.order.source != Source.FILE
    return links.address(known.draft) if ours and known.draft and known.draft.choices else ""


def _initial(known: Any) -> dict[str, Any]:
    return {
        "text": known.text,
        "reason": known.reason,
        "channel": known.channel,
        "times": known.times,
    }


def _said(order: Order, form: dict[str, Any]) -> acts.Said:
    return acts.Said(order.pk, **form)


def back(request: StaffRequest, number: str) -> HttpResponse:
    """Go back to where the clerk was: at the talk, or on the order's page."""
    from_talk = f"/chasing/{number}/" in request.headers.get("Referer", "")
    page = reverse("chase" if from_talk else "order", args=[number])
    if request.headers.get("HX-Request") == "true":
        return HttpResponseClientRedirect(page)
    return redirect(page)


def dialog(
    request: StaffRequest,
    order: Order,
    title: str,
    form: Any,
    complaint: str = "",
    *,
    sure: Sure | None = None,
) -> HttpResponse:
    """Show a dialog, or the page in its place; with the second question, if there is one."""
    context = {
        "order": order,
        "form": form,
        "title": title,
        "label": _("Save"),
        "complaint": complaint,
        "sure": sure,
    }
    opens = request.headers.get("HX-Request") == "true"
    template = "orders/_dialog.html" if opens else "orders/dialog.html"
    is_refused = request.method == "POST" and sure is None
    return render(request, template, context, status=422 if is_refused else 200)
