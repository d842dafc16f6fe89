"""The reviewer's page: only what is held, the reasons, and the way on."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from gendan.orders.actions import unmask
from gendan.orders.models import Order
from gendan.people.access import allowed
from gendan.people.requests import StaffRequest
from gendan.screening.actions import release
from gendan.screening.models import Review
from gendan.screening.views.answers import asked, done, refused, reviewers
from gendan.ui.errors import Refused

SHORTCUTS = (
    ("j / k", gettext_lazy("Next or previous order")),
    ("1–9", gettext_lazy("Remedy of that hold")),
    ("c", gettext_lazy("Clear the first hold")),
    ("r", gettext_lazy("Release")),
)


@reviewers
def screening(request: StaffRequest) -> HttpResponse:
    """Show the page, or the desk alone."""
    fragment = bool(request.htmx) and request.headers.get("HX-Target") == "desk"
    template = "screening/_desk.html" if fragment else "screening/screening.html"
    more = {
        "page_shortcuts": SHORTCUTS,
        "may_change_rules": request.user.may("screening.rules"),
    }
    answer = render(request, template, asked(request, **more))
    answer["Vary"] = "HX-Request, HX-Target"
    return answer


@allowed("screening.finance")
def finance(request: StaffRequest) -> HttpResponse:
    """Go to what finance reviews."""
    return redirect(f"{reverse('screening')}?review={Review.FINANCE}")


@reviewers
def counts(request: StaffRequest) -> HttpResponse:
    """Count again what each rule holds."""
    return render(request, "screening/_counts.html", asked(request))


@reviewers
@require_POST
def release_one(request: StaffRequest, number: str) -> HttpResponse:
    """Let the order go on."""
    order = get_object_or_404(Order.objects.visible_to(request.user), number=number)
    try:
        release(
            Order.objects.numbered([order.pk]),
            by=request.user,
            now=timezone.now(),
            why=request.POST.get("why", ""),
        )
    except Refused as refusal:
        return refused(request, order, refusal.sentence)
    return done(request, order, _("Order %(number)s is released.") % {"number": number})


@allowed("customers.unmask")
@require_POST
def unmask_one(request: StaffRequest, number: str) -> HttpResponse:
    """Show phone and address in full for some minutes."""
    order = get_object_or_404(Order.objects.visible_to(request.user), number=number)
    unmask(Order.objects.numbered([order.pk]), by=request.user, now=timezone.now())
    return done(request, order, _("Shown for ten minutes; the journal says so."))
