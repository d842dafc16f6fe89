"""The board: the page that a supervisor leaves open all day."""

from django.http import HttpResponse
from django.shortcuts import render

from gendan.insight.queries import board as queries
from gendan.people.access import allowed
from gendan.people.requests import StaffRequest


@allowed("insight.see")
def board(request: StaffRequest) -> HttpResponse:
    """Show where everything stands; the page asks for the figures alone every few seconds."""
    context = {
        "board": queries.seen_by(request.user),
        "sees_money": request.user.may("insight.money"),
    }
    fragment = request.htmx and not request.htmx.boosted
    return render(request, "insight/_board.html" if fragment else "insight/board.html", context)
