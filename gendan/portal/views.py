"""The customer's page: find the order, see it, say that it came or what is wrong."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from gendan.orders.models import Order
from gendan.people.access import public
from gendan.people.queries import merchant
from gendan.portal import actions, passes
from gendan.portal.forms import AskForm, ProblemForm
from gendan.portal.problems import Problem
from gendan.portal.queries import customer_of, order_of, view_of
from gendan.ui.errors import Refused
from gendan.ui.limits import limited

OrderView = Callable[[HttpRequest, Order], HttpResponse]


def _number(request: HttpRequest) -> str:
    return request.POST.get("number", "").strip().upper()[:60]


def _pass(request: HttpRequest) -> str:
    return request.COOKIES.get(passes.COOKIE, "")


def _page(
    request: HttpRequest, template: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """Show a page under the merchant's name, which strangers see nowhere else."""
    whole = {**context, "merchant_name": merchant().name}
    return render(request, template, whole, status=status)


def with_pass(view: OrderView) -> Callable[[HttpRequest], HttpResponse]:
    """Give the view the order that the browser's pass is for; without one ask for it."""

    @wraps(view)
    def opened(request: HttpRequest) -> HttpResponse:
        order = passes.holder(request)
        if order is None:
            messages.info(request, _("Please name your order again."))
            return redirect("track")
        return view(request, order)

    return opened


@require_safe
@public
@never_cache
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for order number and phone; a link may bring the number along."""
    form = AskForm(initial={"number": request.GET.get("number", "")})
    return _page(request, "portal/ask.html", {"form": form})


@require_POST
@public
@limited("track", 20, per=600)
@limited("track-number", 8, per=3600, key=_number)
def find(request: HttpRequest) -> HttpResponse:
    """Open the order, or say that nothing was found, in the same words whatever was wrong."""
    form = AskForm(request.POST)
    if form.is_valid():
        order = order_of(form.cleaned_data["number"], form.cleaned_data["digits"])
        if order is not None:
            answer = redirect("track-order")
            passes.grant(answer, order)
            return answer
        form.add_error(None, _("We know no order with this number and these four digits."))
    return _page(request, "portal/ask.html", {"form": form}, status=422)


@require_safe
@public
@never_cache
@with_pass
def order_page(request: HttpRequest, order: Order) -> HttpResponse:
    """Show the order to its customer."""
    context = {"view": view_of(order), "form": ProblemForm()}
    return _page(request, "portal/order.html", context)


@require_POST
@public
@limited("track-act", 20, per=3600, key=_pass)
@with_pass
def received(request: HttpRequest, order: Order) -> HttpResponse:
    """Take the customer's word that the goods have come."""
    try:
        actions.confirm_receipt(Order.objects.filter(pk=order.pk), by=customer_of(order))
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, _("Thank you. Enjoy it!"))
    return redirect("track-order")


@require_POST
@public
@limited("track-act", 20, per=3600, key=_pass)
@with_pass
def wrong(request: HttpRequest, order: Order) -> HttpResponse:
    """Let a colleague answer what is wrong."""
    form = ProblemForm(request.POST)
    if not form.is_valid():
        context = {"view": view_of(order), "form": form}
        return _page(request, "portal/order.html", context, status=422)
    actions.report_problem(
        Order.objects.filter(pk=order.pk),
        by=customer_of(order),
        problem=Problem(form.cleaned_data["problem"]),
        words=form.cleaned_data["words"],
        now=timezone.now(),
    )
    messages.success(request, _("Thank you. A colleague will answer you soon."))
    return redirect("track-order")


@require_POST
@public
def leave(request: HttpRequest) -> HttpResponse:
    """Forget the order in this browser."""
    answer = redirect("track")
    passes.revoke(answer)
    return answer
