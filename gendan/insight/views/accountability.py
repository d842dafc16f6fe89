"""Who did what: a day of everybody, and of one of them act by act."""

import csv
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from gendan.insight import days
from gendan.insight.queries.deeds import day_of, lines, name_of, order_numbered
from gendan.insight.queries.people import MEASURES, deeds
from gendan.journal.models import ActorKind
from gendan.journal.queries import Doer
from gendan.people.access import allowed
from gendan.people.requests import StaffRequest
from gendan.ui.listing.export import BOM, csv_cell


@allowed("insight.people")
def accountability(request: StaffRequest) -> HttpResponseBase:
    """Show everybody's day, or somebody's; find an order's way; hand over a day as a file."""
    if request.GET.get("order"):
        return _to_order(request)
    on, doer = days.asked(request.GET.get("on", "")), _doer(request)
    if doer is None:
        context = {"on": on, "everybody": deeds(on), "measures": _headings()}
        return render(request, "insight/everybody.html", context | _around(on))
    if request.GET.get("format") == "csv":
        return _file(doer, on, request.GET.get("verb", ""))
    return _somebody(request, doer, on)


def _somebody(request: StaffRequest, doer: Doer, on: date) -> HttpResponseBase:
    verb, before = request.GET.get("verb", ""), request.GET.get("before", "")
    older = int(before) if before.isdecimal() and len(before) < 19 else None
    day = day_of(doer, request.user, days.day(on), verb=verb, before=older)
    context = {"day": day, "doer": doer, "on": on, "verb": verb, **_around(on)}
    context["kind"] = ActorKind(doer.kind).label
    fragment = older and request.htmx
    return render(request, "insight/_acts.html" if fragment else "insight/somebody.html", context)


def _to_order(request: StaffRequest) -> HttpResponseBase:
    """Lead to the order's page, which shows its whole timeline."""
    text = request.GET["order"]
    order = order_numbered(text, request.user)
    if order is None:
        messages.error(request, _("There is no order %(number)s.") % {"number": text})
        return redirect("accountability")
    return redirect("order", order.number)


def _doer(request: StaffRequest) -> Doer | None:
    kind, pk = request.GET.get("kind", ""), request.GET.get("id", "")
    if kind not in ActorKind.values:
        return None
    actor_id = int(pk) if pk.isdecimal() and len(pk) < 19 else None
    name = name_of(kind, actor_id) if actor_id else request.GET.get("name", "")
    return Doer(kind, actor_id, name)


def _around(on: date) -> dict[str, Any]:
    today, day = timezone.localdate(), date.resolution
    return {"before": on - day, "after": on + day if on < today else None, "today": today}


def _headings() -> list[str]:
    return [str(label) for label, _verbs in MEASURES]


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def _file(doer: Doer, on: date, verb: str) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(
        _csv(doer, on, verb, get_language() or "en"), content_type="text/csv; charset=utf-8"
    )
    name = f"gendan-{doer.kind.lower()}-{doer.actor_id or 0}-{on:%Y-%m-%d}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _csv(doer: Doer, on: date, verb: str, language: str) -> Iterator[bytes]:
    """Write in the asker's language: the file outlives the request."""
    writer = csv.writer(_Echo())
    with override(language):
        head = [_("When"), _("Who"), _("Act"), _("What happened"), _("Why")]
        yield BOM + str(writer.writerow(head)).encode()
        for at, words in lines(doer, days.day(on), verb=verb):
            cells = [csv_cell(timezone.localtime(at)), *map(csv_cell, words)]
            yield str(writer.writerow(cells)).encode()
