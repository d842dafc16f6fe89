"""The home page of everybody: what waits; and the hours in which it is worked on."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from gendan.people.access import allowed
from gendan.people.requests import StaffRequest
from gendan.ui.errors import Refused
from gendan.ui.returning import way_back
from gendan.worklist import actions, queries
from gendan.worklist.figures import digest_of
from gendan.worklist.forms import DoneForm, HandOverForm, HoursForm, SpecialDayForm
from gendan.worklist.models import ItemQuerySet, Kind
from gendan.worklist.table import drawn

PAGE = 100


@allowed("worklist.see")
def home(request: StaffRequest) -> HttpResponse:
    """Show what waits for the person, the most pressing first; htmx asks for the list alone."""
    person, kind, whose = request.user, request.GET.get("kind", ""), request.GET.get("whose", "")
    waiting = queries.waiting_of(person, whose)
    chosen, kinds = kind in Kind.values, queries.kinds(waiting, now=timezone.now())
    shown = waiting.filter(kind=kind) if chosen else waiting
    rows, sees_all = queries.rows(shown, limit=PAGE, kind=kind), person.may("worklist.assign")
    context = {
        "rows": rows,
        "body": drawn(rows, request, sees_all=sees_all),
        "total": sum(one.number for one in kinds if one.code == kind or not chosen),
        "late": sum(one.late for one in kinds if one.code == kind or not chosen),
        "digest": digest_of(person, whose),
        "kinds": kinds,
        "kind": kind,
        "whose": whose,
        "sees_all": sees_all,
    }
    template = "worklist/_items.html" if request.htmx else "worklist/home.html"
    return render(request, template, context)


@require_POST
@allowed("worklist.work")
def claim(request: StaffRequest, pk: int) -> HttpResponseBase:
    try:
        actions.claim(_item(request, pk), by=request.user)
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect(way_back(request, "home"))


@allowed("worklist.work")
def finish(request: StaffRequest, pk: int) -> HttpResponseBase:
    items = _item(request, pk)
    form = DoneForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.finish(items, by=request.user, now=timezone.now(), why=form.cleaned_data["why"])
        messages.success(request, _("Done."))
        return redirect("home")
    context = {"form": form, "row": queries.rows(items, limit=1)[0], "title": _("Done")}
    return render(request, "worklist/_dialog.html", context, status=422 if form.errors else 200)


@allowed("worklist.assign")
def hand_over(request: StaffRequest, pk: int) -> HttpResponseBase:
    items = _item(request, pk)
    form = HandOverForm(items.get().role, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.hand_over(items, by=request.user, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, _("Handed over."))
            return redirect("home")
    context = {"form": form, "row": queries.rows(items, limit=1)[0], "title": _("Hand over")}
    return render(request, "worklist/_dialog.html", context, status=422 if form.errors else 200)


@allowed("worklist.hours")
def business_hours(request: StaffRequest) -> HttpResponseBase:
    hours, day = HoursForm(prefix="hours"), SpecialDayForm(prefix="day")
    if request.method == "POST":
        if "add-hours" in request.POST:
            hours = HoursForm(request.POST, prefix="hours")
            if saved := hours.is_valid():
                actions.add_hours(hours.save(commit=False), by=request.user)
        elif "add-day" in request.POST:
            day = SpecialDayForm(request.POST, prefix="day")
            if saved := day.is_valid():
                actions.add_day(day.save(commit=False), by=request.user)
        else:
            saved = actions.remove_hours(
                hours=request.POST.getlist("hours-row"),
                days=request.POST.getlist("day-row"),
                by=request.user,
            )
        if saved:
            messages.success(request, _("Saved."))
            return redirect("business-hours")
    context = {"hours": hours, "day": day, "week": queries.week(), "days": queries.special_days()}
    return render(
        request,
        "worklist/hours.html",
        context,
        status=422 if hours.errors or day.errors else 200,
    )


@require_POST
@allowed("worklist.hours")
def load_holidays(request: StaffRequest) -> HttpResponseBase:
    number = actions.load_holidays(timezone.localdate(), by=request.user)
    messages.success(
        request,
        ngettext(
            "%(number)s public holiday or working weekend added.",
            "%(number)s public holidays and working weekends added.",
            number,
        )
        % {"number": number},
    )
    return redirect("business-hours")


def _item(request: StaffRequest, pk: int) -> ItemQuerySet:
    items = queries.visible(request.user).filter(pk=pk)
    get_object_or_404(items)
    return items
