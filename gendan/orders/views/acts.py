"""What is done with an order from its page: each a dialog, or a button with a reason."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from gendan.orders import actions
from gendan.orders.actions.refund import NewRefund
from gendan.orders.actions.refund import refund as give_back
from gendan.orders.dues import due_fen
from gendan.orders.forms.acts import AnswerForm, ChangeForm, PayForm, WhyForm
from gendan.orders.models import Method, Order
from gendan.orders.views.request import only, order_of
from gendan.people.access import allowed
from gendan.people.requests import StaffRequest
from gendan.ui.errors import Refused
from gendan.ui.wording import fen_number

Act = Callable[[Any], str]
"""Does it with what the form brought, and says what happened."""


def act_in_dialog(
    request: StaffRequest, order: Order, title: str, form: Form, act: Act, label: str = ""
) -> HttpResponse:
    """Show a dialog; when it is answered, act and go back to the order."""
    complaint = ""
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, act(form.cleaned_data))
            return _back(request, order)
        except Refused as refused:
            complaint = refused.sentence
    context = {
        "order": order,
        "form": form,
        "title": title,
        "label": label or title,
        "complaint": complaint,
    }
    status = 422 if request.method == "POST" else 200
    dialog = request.headers.get("HX-Request") == "true"
    template = "orders/_dialog.html" if dialog else "orders/dialog.html"
    return render(request, template, context, status=status)


def _button(request: StaffRequest, order: Order, act: Callable[[], str]) -> HttpResponse:
    """Act at once, and go back to the order."""
    try:
        messages.success(request, act())
    except Refused as refused:
        messages.error(request, refused.sentence)
    return _back(request, order)


def _back(request: StaffRequest, order: Order) -> HttpResponse:
    page = reverse("order", args=[order.number])
    if request.headers.get("HX-Request") == "true":
        return HttpResponseClientRedirect(page)
    return HttpResponseRedirect(page)


def _posted(request: StaffRequest) -> Any:
    return request.POST if request.method == "POST" else None


@allowed("orders.pay")
def pay(request: StaffRequest, number: str) -> HttpResponse:
    """Record a payment."""
    order = order_of(request, number)
    left = order.total_fen - order.paid_fen
    method = Method.COD if order.is_cod else Method.WECHAT
    form = PayForm(_posted(request), initial={"amount": fen_number(left), "method": method})

    def act(said: Any) -> str:
        money = actions.NewPayment(order.pk, said["method"], said["amount"], said["reference"])
        actions.pay([money], by=request.user, now=timezone.now())
        return _("The payment is recorded.")

    return act_in_dialog(request, order, _("Record a payment"), form, act, _("Record"))


@allowed("orders.refund")
def refund(request: StaffRequest, number: str) -> HttpResponse:
    """Record money that went back to the customer."""
    order = order_of(request, number)
    first = order.payments.filter(amount_fen__gt=0).order_by("pk").first()
    method = first.method if first else Method.WECHAT
    form = PayForm(
        _posted(request), initial={"amount": fen_number(due_fen(order)), "method": method}
    )

    def act(said: Any) -> str:
        money = NewRefund(order.pk, said["method"], said["amount"], said["reference"])
        give_back([money], by=request.user, now=timezone.now())
        return _("The refund is recorded.")

    return act_in_dialog(request, order, _("Give money back"), form, act, _("Record"))


@allowed("orders.cancel")
def cancel(request: StaffRequest, number: str) -> HttpResponse:
    """Cancel the order, with a reason."""
    order = order_of(request, number)

    def act(said: Any) -> str:
        actions.cancel(only(order), by=request.user, now=timezone.now(), why=said["why"])
        return _("The order is cancelled.")

    form = WhyForm(_posted(request))
    return act_in_dialog(request, order, _("Cancel the order"), form, act)


@allowed("screening.review")
def elsewhere(request: StaffRequest, number: str) -> HttpResponse:
    """End the order that somebody else has shipped, with a reason."""
    order = order_of(request, number)

    def act(said: Any) -> str:
        now = timezone.now()
        actions.shipped_elsewhere(only(order), by=request.user, now=now, why=said["why"])
        return _("The order is completed; we ship nothing.")

    form = WhyForm(_posted(request))
    return act_in_dialog(request, order, _("It was shipped elsewhere"), form, act)


@allowed("orders.confirm")
def answer(request: StaffRequest, number: str) -> HttpResponse:
    """Note what the customer said on the phone."""
    order = order_of(request, number)

    def act(said: Any) -> str:
        now = timezone.now()
        if said["answer"] == "no":
            actions.object_to(only(order), by=request.user, now=now, words=said["words"])
            return _("Noted. A colleague puts it right.")
        actions.confirm(only(order), by=request.user, now=now, words=said["words"])
        return _("Confirmed.")

    form = AnswerForm(_posted(request))
    return act_in_dialog(request, order, _("The customer's word"), form, act, _("Note it"))


@allowed("orders.place")
def change(request: StaffRequest, number: str) -> HttpResponse:
    """Change remarks and special instructions."""
    order = order_of(request, number)
    form = ChangeForm(request.POST) if request.method == "POST" else ChangeForm.about(order)

    def act(said: Any) -> str:
        actions.change(
            only(order),
            by=request.user,
            instructions=form.wanted(),
            seller_remark=said["seller_remark"],
            warehouse_remark=said["warehouse_remark"],
        )
        return _("Changed.")

    return act_in_dialog(request, order, _("Remarks and instructions"), form, act, _("Save"))


@allowed("customers.unmask")
@require_POST
def unmask(request: StaffRequest, number: str) -> HttpResponse:
    """Show phone and address in full for some minutes."""
    order = order_of(request, number)

    def act() -> str:
        why = request.POST.get("why", "").strip()
        actions.unmask(only(order), by=request.user, now=timezone.now(), why=why)
        return _("Shown for ten minutes; the journal keeps it.")

    return _button(request, order, act)


@allowed("orders.below_floor")
@require_POST
def approve(request: StaffRequest, number: str) -> HttpResponse:
    """Allow the price."""
    order = order_of(request, number)

    def act() -> str:
        why = request.POST.get("why", "").strip()
        actions.approve_price(only(order), by=request.user, now=timezone.now(), why=why)
        return _("The price is approved.")

    return _button(request, order, act)


@allowed("orders.below_floor")
@require_POST
def refuse(request: StaffRequest, number: str) -> HttpResponse:
    """Refuse the price; the clerk writes the draft anew."""
    order = order_of(request, number)

    def act() -> str:
        why = request.POST.get("why", "").strip()
        actions.refuse_price(only(order), by=request.user, now=timezone.now(), why=why)
        return _("The price is refused; the clerk writes the draft anew.")

    return _button(request, order, act)
