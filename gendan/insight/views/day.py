"""The report of a day, and the month day by day."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from gendan.insight import days
from gendan.insight.queries.day import Report, day_report, month_report
from gendan.insight.workbook import CONTENT_TYPE, workbook
from gendan.people.access import allowed
from gendan.people.requests import StaffRequest


@allowed("insight.money")
def day_report_page(request: StaffRequest) -> HttpResponseBase:
    """Show the report of a day or of its month, or hand it over as a workbook."""
    on, monthly = days.asked(request.GET.get("on", "")), request.GET.get("view") == "month"
    report = (month_report if monthly else day_report)(request.user, on)
    if request.GET.get("format") == "xlsx":
        return _file(report, f"{on:%Y-%m}" if monthly else f"{on:%Y-%m-%d}")
    context = {"report": report, "on": on, "monthly": monthly, **_around(on, monthly)}
    return render(request, "insight/day.html", context)


def _around(on: date, monthly: bool) -> dict[str, Any]:
    """Return the addresses of the days, or months, before and after."""
    today = timezone.localdate()
    if monthly:
        first = days.first_of(on)
        before, after = first - timedelta(days=1), first + timedelta(days=32)
        after = days.first_of(after)
    else:
        before, after = on - timedelta(days=1), on + timedelta(days=1)
    return {"before": before, "after": after if after <= today else None, "today": today}


def _file(report: Report, name: str) -> StreamingHttpResponse:
    title = _("Day report %(day)s") % {"day": name}
    answer = StreamingHttpResponse(workbook(title, report.tables), content_type=CONTENT_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="gendan-{name}.xlsx"'
    return answer
