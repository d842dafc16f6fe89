"""查单: one day, what differs about it, and the files of others."""

from datetime import date, timedelta
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from gendan.channels.models import Against
from gendan.channels.reconciling import queries
from gendan.channels.reconciling.actions import compare_again, take_file
from gendan.channels.reconciling.days import day_due
from gendan.channels.reconciling.forms import CarrierFileForm, PlatformFileForm
from gendan.channels.reconciling.listings import of_day
from gendan.insight.days import EARLIEST, LATEST
from gendan.people.access import Worker, allowed
from gendan.people.requests import StaffRequest
from gendan.ui.errors import Refused
from gendan.ui.listing import list_view


@allowed("delivery.reconcile")
def latest(request: StaffRequest) -> HttpResponseBase:
    """Lead to the day that was picked, or to the last whose evening has come."""
    picked = _parsed(request.GET.get("on", ""))
    return redirect("reconcile-day", f"{picked or day_due(timezone.now())}")


@allowed("delivery.reconcile")
def day(request: StaffRequest, on: str) -> HttpResponseBase:
    """Show what differs about a day; settle it."""
    picked, worker = _day(on), request.user
    context = {
        "on": picked,
        "today": timezone.localdate(),
        "before": picked - timedelta(days=1),
        "after": picked + timedelta(days=1),
        "tiles": [
            (each, f"{reverse('reconcile-day', args=[on])}?{_asked(each.kind)}")
            for each in queries.counts(picked, worker)
        ],
        "house": next((r for r in queries.reckonings(picked) if r.against == Against.HOUSE), None),
        **_files(picked, worker),
        "platform_form": PlatformFileForm(worker=worker, prefix="platform"),
        "carrier_form": CarrierFileForm(prefix="carrier"),
    }
    name = "channels/reconciling/day.html"
    return list_view(request, of_day(picked), template=name, context=context)


@require_POST
@allowed("delivery.reconcile")
def compare(request: StaffRequest, on: str) -> HttpResponseBase:
    """Compare the day with our own papers and the carriers' files now."""
    found = compare_again(_day(on), by=request.user, now=timezone.now())
    messages.success(
        request,
        ngettext(
            "%(checked)s parcel compared; open differences: %(open)s.",
            "%(checked)s parcels compared; open differences: %(open)s.",
            found.checked,
        )
        % {"checked": found.checked, "open": found.open},
    )
    return redirect("reconcile-day", on)


@require_POST
@allowed("delivery.reconcile")
def upload(request: StaffRequest, on: str, against: str) -> HttpResponseBase:
    """Take a carrier's or a platform's file of the day."""
    picked, worker = _day(on), request.user
    form: forms.Form = (
        PlatformFileForm(request.POST, request.FILES, worker=worker, prefix="platform")
        if against == "platform"
        else CarrierFileForm(request.POST, request.FILES, prefix="carrier")
    )
    if not form.is_valid():
        messages.error(request, _("Choose a file, and whose it is."))
        return redirect("reconcile-day", on)
    try:
        take_file(form.cleaned_data["of"], picked, form.cleaned_data["file"], by=worker)
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, _("The file is being compared. Nothing of it is taken in."))
    return redirect("reconcile-day", on)


@require_GET
@allowed("delivery.reconcile")
def files(request: StaffRequest, on: str) -> HttpResponse:
    """Show how far the files of the day are."""
    context = {"on": _day(on), **_files(_day(on), request.user)}
    return render(request, "channels/reconciling/_files.html", context)


def _files(day: date, worker: Worker) -> dict[str, object]:
    found = queries.files(day, worker)
    return {"files": found, "is_busy": any(file.is_busy for file in found)}


def _asked(kind: str) -> str:
    return urlencode({"q": f"kind = {kind}", "tab": "all"})


def _day(on: str) -> date:
    found = _parsed(on)
    if found is None:
        raise Http404
    return found


def _parsed(text: str) -> date | None:
    try:
        found = parse_date(text)
    except ValueError:
        return None
    return found if found and EARLIEST <= found <= LATEST else None
