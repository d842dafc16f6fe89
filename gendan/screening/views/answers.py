"""How every act of screening is answered: the desk as it is now, or the page one came from."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django_htmx.http import HttpResponseClientRedirect, reswap, retarget, trigger_client_event

from gendan.customers.addresses import Address
from gendan.orders.models import Order
from gendan.orders.queries.waiting import unmasked_until
from gendan.people.access import allowed
from gendan.people.requests import StaffRequest
from gendan.screening.models import Remedy, Review
from gendan.screening.queries import desk

View = Callable[..., HttpResponse]
RIGHTS = {Review.SERVICE: "screening.review", Review.FINANCE: "screening.finance"}
# These remedies say themselves why the hold is cleared; the others ask.
AT_ONCE = (Remedy.ACCEPT_AMOUNT, Remedy.COMBINE, Remedy.WAIT_STOCK, Remedy.READ_REMARK)


def asked(request: StaffRequest, **more: Any) -> dict[str, Any]:
    """Return what the desk shows, as the address asks: rule, order, and the one after it."""
    said = request.GET
    shown = desk(
        request.user,
        review=review_of(request),
        code=said.get("rule", ""),
        number=said.get("order", ""),
        after=said.get("after", ""),
    )
    until = shown.order and unmasked_until(shown.order, request.user, now=timezone.now())
    return {
        "desk": shown,
        "unmasked": until,
        "at_once": AT_ONCE,
        "both": all(request.user.may(right) for right in RIGHTS.values()),
        "may_force": request.user.may("screening.force"),
        **more,
    }


def review_of(request: StaffRequest) -> Review:
    """Return which review the page shows: what is asked for, as far as it is the person's."""
    theirs = [review for review, right in RIGHTS.items() if request.user.may(right)]
    asked_for = request.GET.get("review", "")
    return next((review for review in theirs if review == asked_for), theirs[0])


def reviewers(view: View) -> View:
    """Let those open a page who review for service or finance; the acts know whose turn it is."""
    for_service: Any = allowed(RIGHTS[Review.SERVICE])(view)

    @wraps(view)
    def guarded(request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        person: Any = request.user
        theirs = person.is_authenticated and person.may(RIGHTS[Review.FINANCE])
        answer: HttpResponse = (view if theirs else for_service)(request, *args, **kwargs)
        return answer

    told = RIGHTS[Review.SERVICE]
    guarded.permission = told  # type: ignore[attr-defined]  # read by who lists the pages
    return guarded


def done(request: StaffRequest, order: Order | None, sentence: str) -> HttpResponse:
    """Say what happened, and show the desk, or the order's page if the act came from there."""
    if not from_desk(request):
        messages.success(request, sentence)
        page = reverse("order", args=[order.number]) if order else reverse("screening")
        return HttpResponseClientRedirect(page) if request.htmx else redirect(page)
    answer = render(request, "screening/_desk.html", asked(request))
    retarget(reswap(answer, "outerHTML"), "#desk")
    trigger_client_event(answer, "dialog-close", {})
    return trigger_client_event(answer, "toast", {"kind": "success", "text": sentence})


def refused(request: StaffRequest, order: Order, sentence: str) -> HttpResponse:
    """Say why nothing was done."""
    if request.htmx:
        answer = HttpResponse(status=204)
        return trigger_client_event(answer, "toast", {"kind": "error", "text": sentence})
    messages.error(request, sentence)
    return redirect("order", order.number)


def from_desk(request: StaffRequest) -> bool:
    """Whether the person looks at the reviewer's page."""
    path = request.htmx.current_url_abs_path or "" if request.htmx else ""
    return path.split("?")[0] == reverse("screening")


def one_line(order: Order) -> str:
    """Return an order's address as it is typed, from the province to the house number."""
    parts = Address(order.province, order.city, order.district, order.street, order.address)
    return parts.line or order.raw_address
