"""Promises: what will be late, another date for it, and what lateness costs."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from gendan.catalog.models import LeadTime
from gendan.delivery.actions.promise import promise_anew, propose
from gendan.delivery.actions.save_terms import save_lead_times, save_penalty, save_reckoning
from gendan.delivery.forms import DateForm, LeadTimeForm, OfferForm, PenaltyForm, ReckoningForm
from gendan.delivery.models import Forecast, Pace, Penalty, Transit, reckoning
from gendan.delivery.promises import PROMISES
from gendan.delivery.queries.due import due
from gendan.orders.models import Order
from gendan.orders.views.request import only, order_of
from gendan.people.access import allowed
from gendan.people.requests import StaffRequest
from gendan.ui.errors import Refused
from gendan.ui.listing import list_view

EVENING = 18  # a date that is offered is the end of a working day


@allowed("delivery.see")
def promises(request: StaffRequest) -> HttpResponseBase:
    """Show what is at risk, and how what falls due compares with what can be packed."""
    context = {"due": due(request.user, now=timezone.now())}
    return list_view(request, PROMISES, template="delivery/promises.html", context=context)


@allowed("delivery.promise")
def offer(request: StaffRequest, number: str) -> HttpResponse:
    """Draft a message that offers the customer another date."""
    order = order_of(request, number)
    form = OfferForm(request.POST or None, initial={"at": _likely(order)})

    def act(said: Mapping[str, Any]) -> str:
        drafted = propose(only(order), by=request.user, now=timezone.now(), **said).get()
        return reverse("message", args=[drafted.pk])

    return _dialog(request, order, form, act, _("Offer another date"), _("Draft the message"))


@allowed("delivery.promise")
def anew(request: StaffRequest, number: str) -> HttpResponse:
    """Note another date that the customer has agreed to."""
    order = order_of(request, number)
    form = DateForm(request.POST or None, initial={"at": _likely(order)})

    def act(said: Mapping[str, Any]) -> str:
        promise_anew(only(order), by=request.user, now=timezone.now(), **said)
        messages.success(request, _("The order has another date."))
        return reverse("order", args=[order.number])

    return _dialog(request, order, form, act, _("Promise another date"), _("Promise it"))


@allowed("warehouse.manage")
def terms(request: StaffRequest) -> HttpResponse:
    """Show what lateness costs, how long goods take and what was measured; take changes."""
    penalty, lead = PenaltyForm(prefix="penalty"), LeadTimeForm(prefix="lead")
    assumed = ReckoningForm(
        request.POST if "assumed" in request.POST else None, instance=reckoning(), prefix="assumed"
    )
    if assumed.is_bound:
        if assumed.is_valid():
            save_reckoning(assumed.save(commit=False), by=request.user)
            return _saved(request)
    elif request.method == "POST" and "lead" in request.POST:
        lead = LeadTimeForm(request.POST, prefix="lead")
        if lead.is_valid():
            days = {lead.cleaned_data["sku"].pk: lead.cleaned_data["days"]}
            save_lead_times(days, by=request.user)
            return _saved(request)
    elif request.method == "POST":
        known = Penalty.objects.filter(platform=request.POST.get("penalty-platform", "")).first()
        penalty = PenaltyForm(request.POST, instance=known, prefix="penalty")
        if penalty.is_valid():
            save_penalty(penalty.save(commit=False), by=request.user)
            return _saved(request)
    context = {
        "penalty": penalty,
        "lead": lead,
        "assumed": assumed,
        "penalties": Penalty.objects.order_by("platform"),
        "leads": LeadTime.objects.select_related("sku").order_by("sku__code")[:200],
        "paces": Pace.objects.select_related("warehouse").order_by("step", "warehouse__rank"),
        "transits": Transit.objects.select_related("carrier").order_by("carrier__rank", "province"),
    }
    status = 422 if penalty.errors or lead.errors or assumed.errors else 200
    return render(request, "delivery/terms.html", context, status=status)


def _saved(request: HttpRequest) -> HttpResponse:
    messages.success(request, _("Saved. It counts from the next forecast on."))
    return redirect("promise-terms")


def _likely(order: Order) -> datetime:
    """Return the end of the day on which the order will leave, or arrive if that was promised."""
    told = Forecast.objects.filter(order=order).first()
    at = (told and (told.forecast_arrive_at if order.wish_on else told.forecast_ship_at)) or None
    day = timezone.localtime(at or timezone.now() + timedelta(days=1))
    evening = day.replace(hour=EVENING, minute=0, second=0, microsecond=0)
    return evening if evening >= day else evening + timedelta(days=1)


def _dialog(
    request: StaffRequest,
    order: Order,
    form: Form,
    act: Callable[[Mapping[str, Any]], str],
    title: str,
    label: str,
) -> HttpResponse:
    """Show a dialog; when it is answered, act and go to the page that the act names."""
    dialog = request.headers.get("HX-Request") == "true"
    complaint = ""
    if request.method == "POST" and form.is_valid():
        try:
            page = act(form.cleaned_data)
            return HttpResponseClientRedirect(page) if dialog else redirect(page)
        except Refused as refused:
            complaint = refused.sentence
    context = {
        "order": order,
        "form": form,
        "title": title,
        "label": label,
        "complaint": complaint,
    }
    template = "orders/_dialog.html" if dialog else "orders/dialog.html"
    return render(request, template, context, status=422 if request.method == "POST" else 200)
