"""The remedies: one click, or a small dialog where something must be said."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_htmx.http import reswap, retarget

from gendan.catalog.models import ShopCode
from gendan.catalog.queries import complete_sku
from gendan.catalog.queries.suggest import meant_by
from gendan.orders.actions import cancel, shipped_elsewhere, unmask
from gendan.orders.forms.typed import whole
from gendan.orders.models import Line, Order
from gendan.people.access import allowed, refusal
from gendan.people.requests import StaffRequest
from gendan.screening.actions import (
    clear,
    correct_address,
    correct_phone,
    force,
    hold,
    map_codes,
    map_lines,
)
from gendan.screening.forms import AddressForm, PhoneForm, WhyForm
from gendan.screening.models import Hold, Remedy, Rule
from gendan.screening.queries import held, unmapped_lines
from gendan.screening.views.answers import (
    AT_ONCE,
    RIGHTS,
    done,
    one_line,
    refused,
    review_of,
    reviewers,
)
from gendan.ui.errors import Refused

Act = Callable[[Any], str]


@reviewers
def clear_one(request: StaffRequest, pk: int) -> HttpResponse:
    """Clear a hold for a reason."""
    found = _hold(request, pk)

    def act(said: Any) -> str:
        clear(_only(found), by=request.user, now=timezone.now(), why=said["why"])
        return _("Cleared.")

    form = WhyForm(_posted(request))
    title = _("Clear: %(rule)s") % {"rule": found.rule.label}
    return _dialog(request, found.order, title, form, act)


@reviewers
def clear_all(request: StaffRequest, code: str) -> HttpResponse:
    """Clear what one rule holds, of every order that the person sees."""
    rule = get_object_or_404(Rule, code=code)
    orders = held(request.user, rule, review=review_of(request)).order_by()
    holds = Hold.objects.filter(rule=rule, cleared_at=None, order__in=orders.values("pk"))
    number = holds.count()

    def act(said: Any) -> str:
        freed = clear(holds, by=request.user, now=timezone.now(), why=said["why"]).count()
        return ngettext("Cleared; %(n)d order goes on.", "Cleared; %(n)d orders go on.", freed) % {
            "n": freed
        }

    title = ngettext(
        "Clear “%(rule)s” of %(n)d order", "Clear “%(rule)s” of %(n)d orders", number
    ) % {"rule": rule.label, "n": number}
    return _dialog(request, None, title, WhyForm(_posted(request)), act)


@allowed("screening.review")
def hold_one(request: StaffRequest, number: str) -> HttpResponse:
    """Hold an order by hand."""
    order = get_object_or_404(Order.objects.visible_to(request.user), number=number)

    def act(said: Any) -> str:
        chosen = Order.objects.numbered([order.pk])
        hold(chosen, by=request.user, now=timezone.now(), why=said["why"])
        return _("The order is held.")

    return _dialog(request, order, _("Hold the order"), WhyForm(_posted(request)), act)


@allowed("screening.force")
def force_one(request: StaffRequest, number: str) -> HttpResponse:
    """Release an order in spite of what holds it."""
    order = get_object_or_404(Order.objects.visible_to(request.user), number=number)

    def act(said: Any) -> str:
        chosen = Order.objects.numbered([order.pk])
        force(chosen, by=request.user, now=timezone.now(), why=said["why"])
        return _("Order %(number)s is released; its page says that it was forced.") % {
            "number": order.number
        }

    title = _("Release %(number)s in spite of what holds it") % {"number": order.number}
    return _dialog(request, order, title, WhyForm(_posted(request)), act)


@reviewers
def remedy(request: StaffRequest, pk: int) -> HttpResponse:
    """Do what solves a hold: at once, or through the dialog that it needs."""
    found = _hold(request, pk)
    dialogs = {
        Remedy.MAP_CODE: _map,
        Remedy.FIX_ADDRESS: _address,
        Remedy.FIX_PHONE: _phone,
        Remedy.CANCEL: _cancel,
        Remedy.ELSEWHERE: _elsewhere,
        Remedy.APPROVE_PRICE: _approve,
    }
    chosen = Remedy(found.rule.remedy)
    if chosen in AT_ONCE and request.method == "POST":
        return _at_once(request, found)
    return dialogs.get(chosen, _clear)(request, found)


@allowed("screening.review")
def skus(request: StaffRequest) -> HttpResponse:
    """Offer SKUs for a line: what was typed, else what its shop code probably means."""
    typed = request.GET.get("q", "").strip()
    line = Line.objects.filter(
        pk=whole(request.GET.get("line", "")) or 0, order__in=Order.objects.visible_to(request.user)
    ).first()
    codes = ShopCode.objects.filter(
        shop__orders__lines=line, code=line.shop_code if line else ""
    ).distinct()
    found = complete_sku(typed) if typed else meant_by(codes)
    return render(request, "screening/_skus.html", {"skus": found, "line": line})


def _at_once(request: StaffRequest, found: Hold) -> HttpResponse:
    why = request.POST.get("why", "").strip() or str(Remedy(found.rule.remedy).label)
    try:
        clear(_only(found), by=request.user, now=timezone.now(), why=why)
    except Refused as no:
        return refused(request, found.order, no.sentence)
    return done(request, found.order, f"{found.rule.label}: {why}")


def _clear(request: StaffRequest, found: Hold) -> HttpResponse:
    return clear_one(request, found.pk)


def _approve(request: StaffRequest, found: Hold) -> HttpResponse:
    def act(said: Any) -> str:
        clear(_only(found), by=request.user, now=timezone.now(), why=said["why"])
        return _("The price is approved.")

    form = WhyForm(_posted(request))
    return _dialog(request, found.order, _("Approve the price"), form, act)


def _cancel(request: StaffRequest, found: Hold) -> HttpResponse:
    _need(request, "orders.cancel")

    def act(said: Any) -> str:
        chosen = Order.objects.numbered([found.order_id])
        cancel(chosen, by=request.user, now=timezone.now(), why=said["why"])
        return _("The order is cancelled.")

    form = WhyForm(_posted(request), initial={"why": found.rule.label})
    return _dialog(request, found.order, _("Cancel the order"), form, act)


def _elsewhere(request: StaffRequest, found: Hold) -> HttpResponse:
    _need(request, "screening.review")

    def act(said: Any) -> str:
        chosen = Order.objects.numbered([found.order_id])
        shipped_elsewhere(chosen, by=request.user, now=timezone.now(), why=said["why"])
        return _("The order is completed; we ship nothing.")

    form = WhyForm(_posted(request), initial={"why": found.rule.label})
    return _dialog(request, found.order, _("It was shipped elsewhere"), form, act)


def _address(request: StaffRequest, found: Hold) -> HttpResponse:
    _show(request, found.order)

    def act(said: Any) -> str:
        correct_address(
            {found.order_id: said["address"]},
            by=request.user,
            now=timezone.now(),
            why=said["why"],
        )
        return _("The address is corrected.")

    form = AddressForm(_posted(request), initial={"address": one_line(found.order)})
    return _dialog(request, found.order, _("Correct the address"), form, act)


def _phone(request: StaffRequest, found: Hold) -> HttpResponse:
    _show(request, found.order)

    def act(said: Any) -> str:
        correct_phone(
            {found.order_id: said["phone"]}, by=request.user, now=timezone.now(), why=said["why"]
        )
        return _("The phone is corrected.")

    form = PhoneForm(_posted(request), initial={"phone": found.order.receiver_phone})
    return _dialog(request, found.order, _("Correct the phone"), form, act)


def _map(request: StaffRequest, found: Hold) -> HttpResponse:
    lines = list(unmapped_lines(found.order))
    if request.method != "POST":
        return _map_dialog(request, found, lines)
    chosen = {
        line: sku for line in lines if (sku := whole(request.POST.get(f"line-{line.pk}", "")))
    }
    if not chosen:
        return _map_dialog(request, found, lines, _("Choose the SKU from the list."))
    try:
        number = _map_all(request, chosen)
    except Refused as no:
        return _map_dialog(request, found, lines, no.sentence)
    said = ngettext("Mapped, in %(n)d order.", "Mapped, in %(n)d orders.", number)
    return done(request, found.order, said % {"n": number})


def _map_all(request: StaffRequest, chosen: dict[Line, int]) -> int:
    """Map the codes of the lines; lines without any code are named one by one."""
    now, by = timezone.now(), request.user
    codes = {
        code.code: code.pk
        for code in ShopCode.objects.filter(
            shop__in={line.order.shop_id for line in chosen},
            code__in=[line.shop_code for line in chosen if line.shop_code],
        )
    }
    coded = {codes[line.shop_code]: sku for line, sku in chosen.items() if line.shop_code in codes}
    bare = {line.pk: sku for line, sku in chosen.items() if line.shop_code not in codes}
    number = map_codes(coded, by=by, now=now) if coded else 0
    return max(number, map_lines(bare, by=by, now=now)) if bare else number


def _map_dialog(
    request: StaffRequest, found: Hold, lines: list[Line], complaint: str = ""
) -> HttpResponse:
    context = {"hold": found, "order": found.order, "lines": lines, "complaint": complaint}
    answer = render(request, "screening/_map.html", context, status=422 if complaint else 200)
    return retarget(reswap(answer, "innerHTML"), "#dialog-place")


def _dialog(
    request: StaffRequest, order: Order | None, title: str, form: forms.Form, act: Act
) -> HttpResponse:
    """Show a dialog; when it is answered, act and show what comes next."""
    complaint = ""
    if request.method == "POST" and form.is_valid():
        try:
            return done(request, order, act(form.cleaned_data))
        except Refused as no:
            complaint = no.sentence
    context = {"order": order, "form": form, "title": title, "complaint": complaint}
    template = "screening/_dialog.html" if request.htmx else "screening/dialog.html"
    status = 422 if request.method == "POST" else 200
    answer = render(request, template, context, status=status)
    return retarget(reswap(answer, "innerHTML"), "#dialog-place") if request.htmx else answer


def _need(request: StaffRequest, permission: str) -> None:
    """Refuse a remedy that needs a right of its own: finance reviews, but cancels nothing."""
    if not request.user.may(permission):
        raise PermissionDenied(refusal(permission))


def _show(request: StaffRequest, order: Order) -> None:
    """Whoever corrects phone or address sees it: that stands in the journal."""
    _need(request, "customers.unmask")
    if request.method != "POST":
        unmask(Order.objects.numbered([order.pk]), by=request.user, now=timezone.now())


def _hold(request: StaffRequest, pk: int) -> Hold:
    visible = Order.objects.visible_to(request.user)
    holds = Hold.objects.select_related("rule", "order").filter(cleared_at=None)
    theirs = [review for review, right in RIGHTS.items() if request.user.may(right)]
    holds = holds.filter(rule__review__in=theirs)
    return get_object_or_404(holds, pk=pk, order__in=visible.values("pk"))


def _only(found: Hold) -> "Any":
    return Hold.objects.filter(pk=found.pk)


def _posted(request: StaffRequest) -> Any:
    return request.POST if request.method == "POST" else None
