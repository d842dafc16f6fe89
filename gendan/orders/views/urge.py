"""Declaring an order urgent from its page, with what that displaces; and taking it away."""

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_htmx.http import HttpResponseClientRedirect

from gendan.orders.actions.urge import urge
from gendan.orders.models import Order, Urgency
from gendan.orders.models.urgency import Origin
from gendan.orders.queries.haste import lane_rules, places_taken
from gendan.orders.views.request import only, order_of
from gendan.people.access import allowed
from gendan.people.requests import StaffRequest
from gendan.ui.errors import Refused

DECLARED = gettext_lazy("A colleague was faster: it goes first already.")
TAKEN_AWAY = gettext_lazy("A colleague was faster: it takes its turn again.")


class UrgeForm(forms.Form):
    why = forms.CharField(
        label=gettext_lazy("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)  # urgent, when it was opened


@allowed("orders.urge")
def urge_order(request: StaffRequest, number: str) -> HttpResponse:
    """Ask why; then let the order go first, or no longer."""
    order = order_of(request, number)
    urgent = order.priority <= 0
    posted = request.POST if request.method == "POST" else None
    form = UrgeForm(posted, initial={"seen": "" if urgent else "urgent"})
    complaint = ""
    if posted is not None and posted.get("seen", form["seen"].initial) != form["seen"].initial:
        messages.info(request, TAKEN_AWAY if urgent else DECLARED)
        return _back(request, order)
    if posted is not None and form.is_valid():
        try:
            why = form.cleaned_data["why"]
            urge(only(order), by=request.user, why=why, urgent=urgent, now=timezone.now())
        except Refused as refused:
            complaint = refused.sentence
        else:
            first, again = _("It goes first from now on."), _("It takes its turn again.")
            messages.success(request, first if urgent else again)
            return _back(request, order)
    form.fields["why"].help_text = _follows(request, order) if urgent else _frees(request, order)
    context = {
        "order": order,
        "form": form,
        "title": _("Declare the order urgent") if urgent else _("No longer urgent"),
        "label": _("Urgent") if urgent else _("Not urgent"),
        "complaint": complaint,
    }
    dialog = request.headers.get("HX-Request") == "true"
    template = "orders/_dialog.html" if dialog else "orders/dialog.html"
    return render(request, template, context, status=200 if posted is None else 422)


def _follows(request: StaffRequest, order: Order) -> str:
    """Say what would follow: the act itself is done, looked at, and undone."""
    taken = _("Places taken today: %(taken)s of %(all)s.") % {
        "taken": places_taken(timezone.localdate()),
        "all": lane_rules().a_day,
    }
    try:
        with transaction.atomic():
            urge(only(order), by=request.user, why="?", now=timezone.now())
            record = Urgency.objects.get(order=order, ended_at=None)
            transaction.set_rollback(True)
    except Refused as refused:
        return refused.sentence
    return f"{taken} {_displaced(record)}"


def _frees(request: StaffRequest, order: Order) -> str:
    """Say whether its place becomes free: done, looked at, and undone as well."""
    with transaction.atomic():
        urge(only(order), by=request.user, why="?", urgent=False, now=timezone.now())
        record = Urgency.objects.filter(order=order).order_by("pk").last()
        transaction.set_rollback(True)
    if record is None or record.origin != Origin.DECLARED:
        return ""
    if record.gave_back:
        return _("No hand has moved for it yet: its place of the day becomes free again.")
    return _("It has been in a wave: its place of the day stays taken.")


def _displaced(record: Urgency) -> str:
    if not record.displaced:
        return _("It displaces nobody where it stands now.")
    said = ngettext(
        "%(n)s order in front of it (%(queue)s) comes after it then.",
        "%(n)s orders in front of it (%(queue)s) come after it then.",
        record.displaced,
    )
    return said % {"n": record.displaced, "queue": record.get_queue_display()}


def _back(request: StaffRequest, order: Order) -> HttpResponse:
    page = reverse("order", args=[order.number])
    if request.headers.get("HX-Request") == "true":
        return HttpResponseClientRedirect(page)
    return redirect(page)
