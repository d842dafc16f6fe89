"""Changing an order (改单): the form, the preview that is decided on, and the versions."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST, require_safe

from gendan.orders.actions import amend as acts
from gendan.orders.actions.change_back import change_back
from gendan.orders.actions.confirm import ASKED_AT
from gendan.orders.amending.snapshot import LABELS, differences, shown
from gendan.orders.amendments import AMENDMENTS
from gendan.orders.corrections import wrong_of
from gendan.orders.forms.amend import AmendForm
from gendan.orders.forms.typed import whole
from gendan.orders.models import (
    Amendment,
    AmendmentQuerySet,
    AmendmentState,
    AskedBy,
    Cause,
    Order,
    Tick,
)
from gendan.orders.queries import skus_like
from gendan.orders.queries.amendments import (
    consequences_of,
    differences_of,
    has_left,
    version_of,
    wishes_of,
)
from gendan.orders.stages import OVER
from gendan.orders.views.request import order_of
from gendan.people.access import allowed
from gendan.people.requests import StaffRequest
from gendan.ui.errors import Refused
from gendan.ui.listing import list_view
from gendan.worklist.models import Item, Kind

STALE = gettext_lazy(
    "The order was changed while this page was open. Here it stands as it is now: write again what "
    "the customer wants otherwise."
)
STANDING = (AmendmentState.REQUESTED, AmendmentState.CONFIRMED)


@allowed("orders.see")
def amendments(request: HttpRequest) -> HttpResponseBase:
    """Show what is wanted of orders, and what came of it."""
    return list_view(request, AMENDMENTS)


@allowed("orders.amend")
def amend(request: StaffRequest, number: str) -> HttpResponse:
    """Show an order as it is, to be changed; note what is wanted when it is posted."""
    order, complaint = order_of(request, number), ""
    corrects = _corrects(request, order)
    posted = request.method == "POST"
    form = AmendForm.of(order, request.POST) if posted else _empty(order, corrects)
    if posted and form.is_stale:
        form, complaint = form.anew(), str(STALE)
    elif posted:
        try:
            return HttpResponseRedirect(_page(_request(request, form, corrects)))
        except Refused as refused:
            complaint = refused.sentence
    context = {
        "order": order,
        "form": form,
        "values": form.values,
        "complaint": complaint,
        "has_left": has_left(order),
        "corrects": corrects,
        "causes": Cause.choices,
        "askers": AskedBy.choices,
        "open": Amendment.objects.open().filter(order=order),
    }
    return render(request, "orders/amend/form.html", context, status=422 if complaint else 200)


def _corrects(request: StaffRequest, order: Order) -> list[Tick]:
    """Return what the customer called wrong and is to be corrected, as the address names it."""
    named = request.POST if request.method == "POST" else request.GET
    ticks = {tick.item_id: tick for tick in wrong_of([order.pk])}
    return [ticks[pk] for pk in map(whole, named.getlist("item")) if pk in ticks]


def _empty(order: Order, corrects: list[Tick]) -> AmendForm:
    if not corrects:
        return AmendForm(order)
    words = "；".join(tick.words for tick in corrects)
    return AmendForm(order, {"words": words[:500], "cause": Cause.OURS})


def _request(request: StaffRequest, form: AmendForm, corrects: list[Tick]) -> Amendment:
    said = form.values
    new = acts.NewAmendment(
        form.order.pk,
        form.wanted(),
        asked_by=said["asked_by"] if said["asked_by"] in AskedBy.values else AskedBy.CLERK,
        cause=said["cause"] if said["cause"] in Cause.values else Cause.OTHER,
        words=said["words"],
        corrects=[tick.item_id for tick in corrects],
    )
    return acts.request([new], by=request.user, now=timezone.now()).get()


@allowed("orders.amend")
@require_GET
def skus(request: StaffRequest, number: str) -> HttpResponse:
    """Complete a code, a name, initials or a barcode with goods, prices and free stock."""
    order = order_of(request, number)
    text = next((str(value).strip() for name, value in request.GET.items() if "sku" in name), "")
    found = skus_like(text, shop=order.shop)
    return render(request, "orders/amend/_skus.html", {"found": found, "text": text})


@allowed("orders.see")
@require_safe
def amendment(request: StaffRequest, number: str) -> HttpResponse:
    """Show an amendment: with its preview while it waits, else with what came of it."""
    found = _amendment(request, number)
    undone_by = found.undone_by.filter(state__in=STANDING).order_by("pk").last()
    context = {
        "amendment": found,
        "order": found.order,
        "wishes": wishes_of(found),
        "undone_by": undone_by,
        "corrects": found.ticks.select_related("item").order_by("item"),
        "may_amend": request.user.may("orders.amend"),
        **(_tried(request, found) if found.state == AmendmentState.REQUESTED else _kept(found)),
    }
    return render(request, "orders/amend/amendment.html", context)


def _tried(request: StaffRequest, found: Amendment) -> dict[str, Any]:
    if not request.user.may("orders.amend"):
        return {"waits": True}
    now = timezone.now()
    try:
        tried = acts.preview(_only(found), by=request.user, now=now)[found.pk]
    except Refused as refused:
        return {"waits": True, "refusal": refused.sentence}
    return {
        "waits": True,
        "preview": tried,
        "differences": differences(tried.before, tried.after),
        "consequences": tried.consequences,
        "before_fen": tried.before["total_fen"],
        "after_fen": tried.after["total_fen"],
        "difference_fen": tried.difference_fen,
        "owed_fen": tried.owed_fen,
        "due_fen": max(0, -tried.owed_fen),
    }


def _kept(found: Amendment) -> dict[str, Any]:
    telling = Item.objects.open().filter(
        kind=Kind.TELL_PLATFORM, subject=acts.SUBJECT, subject_id=found.pk
    )
    return {
        "differences": differences_of(found),
        "consequences": consequences_of(found),
        "before_fen": found.before.get("total_fen"),
        "after_fen": found.after.get("total_fen"),
        "difference_fen": found.difference_fen,
        "to_be_told": telling.exists(),
        "can_go_back": found.version and found.order.stage not in OVER,
    }


@allowed("orders.amend")
@require_POST
def confirm(request: StaffRequest, number: str) -> HttpResponse:
    """Carry out what was shown."""
    why, seen = request.POST.get("why", "").strip(), request.POST.get("seen", "")
    found = _amendment(request, number)

    def act() -> str:
        done = acts.confirm(
            _only(found), by=request.user, now=timezone.now(), why=why, seen={found.pk: seen}
        )
        return _("Order %(order)s is changed: version %(version)s.") % {
            "order": found.order.number,
            "version": done.get().version,
        }

    return _do(request, found, act)


@allowed("orders.amend")
@require_POST
def decline(request: StaffRequest, number: str) -> HttpResponse:
    """Say no, with a reason."""
    why, found = request.POST.get("why", "").strip(), _amendment(request, number)

    def act() -> str:
        acts.decline(_only(found), by=request.user, now=timezone.now(), why=why)
        return _("Declined; the order stays as it is.")

    return _do(request, found, act)


@allowed("orders.amend")
@require_POST
def withdraw(request: StaffRequest, number: str) -> HttpResponse:
    """Take the wish back."""
    why, found = request.POST.get("why", "").strip(), _amendment(request, number)

    def act() -> str:
        acts.withdraw(_only(found), by=request.user, now=timezone.now(), why=why)
        return _("Withdrawn; the order stays as it is.")

    return _do(request, found, act)


@allowed("orders.amend")
@require_POST
def back(request: StaffRequest, number: str) -> HttpResponse:
    """Ask for the reverse of what was carried out, and show what would follow."""
    found = _amendment(request, number)
    try:
        asked = change_back(_only(found), by=request.user, now=timezone.now()).get()
    except Refused as refused:
        messages.error(request, refused.sentence)
        return HttpResponseRedirect(_page(found))
    return HttpResponseRedirect(_page(asked))


@allowed("orders.amend")
@require_POST
def told(request: StaffRequest, number: str) -> HttpResponse:
    """Say that the platform knows."""
    found = _amendment(request, number)

    def act() -> str:
        acts.told_platform(_only(found), by=request.user, now=timezone.now())
        return _("Noted: the platform knows of it.")

    return _do(request, found, act)


@allowed("orders.see")
@require_safe
def version(request: StaffRequest, number: str, version: int) -> HttpResponse:
    """Show what an order said at a version, and what made it so."""
    order = order_of(request, number)
    found = version_of(order, version)
    if found is None:
        raise Http404
    made = found.made_by
    context = {
        "order": order,
        "version": found,
        "differences": differences_of(made) if made else [],
        "facts": [
            (label, shown(name, found.said[name]))
            for name, label in LABELS.items()
            if not name.endswith("_fen") and found.said[name]
        ],
        "earlier": range(1, version),
    }
    return render(request, "orders/amend/version.html", context)


def _do(request: StaffRequest, found: Amendment, act: Callable[[], str]) -> HttpResponse:
    try:
        messages.success(request, act())
    except Refused as refused:
        messages.error(request, refused.sentence)
        return HttpResponseRedirect(_page(found))
    found.refresh_from_db()
    if found.state == AmendmentState.CONFIRMED:
        return HttpResponseRedirect(_after(found))
    return HttpResponseRedirect(reverse("order", args=[found.order.number]))


def _after(found: Amendment) -> str:
    """Return where one goes on: to the check, if one was in the middle of it."""
    order = Order.objects.get(pk=found.order_id)
    if order.stage in ASKED_AT and found.ticks.exists():
        return reverse("order-check", args=[order.number])
    return _page(found)


def _amendment(request: StaffRequest, number: str) -> Amendment:
    ours = Amendment.objects.visible_to(request.user).select_related("order__shop", "undoes")
    return get_object_or_404(ours, number=number)


def _only(found: Amendment) -> AmendmentQuerySet:
    return Amendment.objects.numbered([found.pk])


def _page(found: Amendment) -> str:
    return reverse("amendment", args=[found.number])
