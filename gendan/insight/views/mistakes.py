"""Mistakes: the list, one of them, recording one from an order, and the month."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from gendan.insight import days
from gendan.insight.actions import NewMistake, attribute, close, dismiss, record, reopen
from gendan.insight.lists import MISTAKES, STATE_TONES
from gendan.insight.mistake_forms import DoneForm, RecordForm, VerdictForm
from gendan.insight.models import Mistake, MistakeQuerySet, MistakeState
from gendan.insight.queries.costs import costs
from gendan.insight.queries.mistakes import MonthOfMistakes, month_of_mistakes
from gendan.insight.workbook import CONTENT_TYPE, workbook
from gendan.journal.queries import timeline
from gendan.orders.views.request import order_of
from gendan.people.access import allowed
from gendan.people.requests import StaffRequest
from gendan.ui.errors import Refused
from gendan.ui.listing import list_view
from gendan.ui.wording import fen_number

STEP, BAR, TALL = 96, 56, 120
NARROW, THIN = 64, 28  # a month of the trend


@allowed("insight.mistakes")
def mistakes(request: StaffRequest) -> HttpResponseBase:
    return list_view(request, MISTAKES)


@allowed("insight.mistakes")
def mistake(request: StaffRequest, pk: int) -> HttpResponse:
    """Show a mistake; give it a cause and an owner."""
    found = _found(request, pk)
    form = VerdictForm(request.POST if request.method == "POST" else None, initial=_known(found))
    complaint = ""
    if form.is_valid():
        try:
            why = request.POST.get("why", "").strip()
            attribute(_only(found), form.verdict(), by=request.user, now=timezone.now(), why=why)
            messages.success(request, _("Noted. What was done about it comes next."))
            return redirect("mistake", pk)
        except Refused as refused:
            complaint = refused.sentence
    context = {
        "mistake": found,
        "tone": STATE_TONES[MistakeState(found.state)],
        "form": form,
        "done": DoneForm(),
        "known": costs([pk])[pk] if found.is_estimate else None,
        "complaint": complaint,
        "is_open": found.state in (MistakeState.PROPOSED, MistakeState.OPEN),
        "acts": timeline({"insight_mistake": [pk]}),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "insight/mistake.html", context, status=status)


@allowed("insight.mistakes")
@require_POST
def done(request: StaffRequest, pk: int) -> HttpResponse:
    """Note what was done, and close it."""
    words = request.POST.get("done", "").strip()[:1000]
    now = timezone.now()
    return _act(request, pk, lambda chosen: close(chosen, words, by=request.user, now=now))


@allowed("insight.mistakes")
@require_POST
def no_mistake(request: StaffRequest, pk: int) -> HttpResponse:
    """Say that it was none."""
    why, now = request.POST.get("why", "").strip()[:200], timezone.now()
    return _act(request, pk, lambda chosen: dismiss(chosen, by=request.user, now=now, why=why))


@allowed("insight.mistakes")
@require_POST
def again(request: StaffRequest, pk: int) -> HttpResponse:
    """Take back that it was closed."""
    now = timezone.now()
    return _act(request, pk, lambda chosen: reopen(chosen, by=request.user, now=now))


@allowed("insight.mistakes")
def of_order(request: StaffRequest, number: str) -> HttpResponse:
    """Record a mistake from an order's page."""
    order = order_of(request, number)
    form, complaint = RecordForm(request.POST if request.method == "POST" else None), ""
    if form.is_valid():
        said = form.cleaned_data
        new = NewMistake(
            order.pk, said["what"], said["where"], form.verdict(), said["words"], said["done"]
        )
        try:
            record([new], by=request.user, now=timezone.now())
            messages.success(request, _("The mistake is recorded."))
            return _back(request, order.number)
        except Refused as refused:
            complaint = refused.sentence
    context = {
        "order": order,
        "form": form,
        "title": _("Record a mistake"),
        "label": _("Record"),
        "complaint": complaint,
    }
    dialog = request.headers.get("HX-Request") == "true"
    status = 422 if request.method == "POST" else 200
    template = "orders/_dialog.html" if dialog else "orders/dialog.html"
    return render(request, template, context, status=status)


@allowed("insight.mistakes")
def month(request: StaffRequest) -> HttpResponseBase:
    """Show which mistakes cost most in a month, and what was done; or hand it over as a file."""
    on = days.asked(request.GET.get("on", ""))
    report = month_of_mistakes(request.user, on)
    if request.GET.get("format") == "xlsx":
        return _file(report)
    first, today = report.on, timezone.localdate()
    after = days.first_of(first + timedelta(days=32))
    context = {
        "report": report,
        "chart": _chart(report),
        "trend": _trend(report),
        "tables": report.tables,
        "before": first - timedelta(days=1),
        "after": after if after <= today else None,
        "today": today,
    }
    return render(request, "insight/mistakes_month.html", context)


def _found(request: StaffRequest, pk: int) -> Mistake:
    rows = Mistake.objects.visible_to(request.user)
    rows = rows.select_related("order", "owner", "shipment", "line", "found_by")
    found: Mistake = get_object_or_404(rows, pk=pk)
    return found


def _only(found: Mistake) -> MistakeQuerySet:
    return Mistake.objects.filter(pk=found.pk)


def _known(found: Mistake) -> dict[str, Any]:
    return {
        "what": found.what,
        "because": found.because,
        "team": found.team,
        "owner": found.owner_id,
        "cost": "" if found.is_estimate else fen_number(found.cost_fen),
    }


def _act(request: StaffRequest, pk: int, act: Callable[[MistakeQuerySet], object]) -> HttpResponse:
    try:
        act(_only(_found(request, pk)))
        messages.success(request, _("Noted."))
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect("mistake", pk)


def _back(request: StaffRequest, number: str) -> HttpResponse:
    page = reverse("order", args=[number])
    if request.headers.get("HX-Request") == "true":
        return HttpResponseClientRedirect(page)
    return redirect(page)


def _file(report: MonthOfMistakes) -> StreamingHttpResponse:
    name = f"{report.on:%Y-%m}"
    title = _("Mistakes %(month)s") % {"month": name}
    answer = StreamingHttpResponse(workbook(title, report.tables), content_type=CONTENT_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="gendan-mistakes-{name}.xlsx"'
    return answer


def _trend(report: MonthOfMistakes) -> dict[str, Any]:
    """Place the bars of what each month cost, and the line of how many mistakes it had."""
    months = report.trend
    dearest = max((month.cost_fen for month in months), default=0) or 1
    most = max((month.number for month in months), default=0) or 1
    bars = [
        {
            "month": month,
            "left": at * NARROW,
            "x": at * NARROW + (NARROW - THIN) // 2,
            "y": round(TALL - month.cost_fen / dearest * TALL, 1) + 8,
            "height": round(month.cost_fen / dearest * TALL, 1),
            "middle": at * NARROW + NARROW // 2,
            "line_y": round(TALL - month.number / most * TALL, 1) + 8,
            "url": f"?on={month.on:%Y-%m-%d}",
        }
        for at, month in enumerate(months)
    ]
    line = " ".join(f"{bar['middle']},{bar['line_y']}" for bar in bars)
    return {"bars": bars, "line": line, "width": NARROW * len(bars)}


def _chart(report: MonthOfMistakes) -> dict[str, Any]:
    """Place the bars of the Pareto chart, and the line of what they sum up to."""
    slices = report.pareto
    most = max((one.fen for one in slices), default=1)
    bars = [
        {
            "slice": one,
            "x": at * STEP + (STEP - BAR) // 2,
            "y": round(TALL - one.fen / most * TALL, 1) + 8,
            "height": round(one.fen / most * TALL, 1),
            "middle": at * STEP + STEP // 2,
            "line_y": round(TALL - one.upto * TALL, 1) + 8,
            "percent": round(one.upto * 100),
        }
        for at, one in enumerate(slices)
    ]
    line = " ".join(f"{bar['middle']},{bar['line_y']}" for bar in bars)
    return {"bars": bars, "line": line, "width": STEP * max(len(bars), 4)}
