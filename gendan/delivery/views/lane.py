"""The urgent lane: what is in it, at which step, and how long it still has."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from gendan.delivery.forms import LaneRulesForm
from gendan.delivery.queries.lane import lane
from gendan.journal.queries import timeline
from gendan.orders.actions.urge import save_lane_rules
from gendan.orders.queries.haste import BEYOND, lane_rules
from gendan.people.access import allowed
from gendan.people.requests import StaffRequest


@allowed("orders.see")
def urgent_lane(request: StaffRequest) -> HttpResponse:
    """Show the lane; the page asks for its columns alone every few seconds."""
    context = {
        "lane": lane(request.user, now=timezone.now()),
        "may_change": request.user.may(BEYOND),
    }
    fragment = request.headers.get("HX-Target") == "lane"
    return render(request, "delivery/_lane.html" if fragment else "delivery/lane.html", context)


@allowed(BEYOND)
def rules(request: StaffRequest) -> HttpResponse:
    """Change how many a day may be urgent, and how long each step may take."""
    form = LaneRulesForm(request.POST or None, instance=lane_rules())
    if request.method == "POST" and form.is_valid():
        why = request.POST.get("why", "").strip()[:500]
        save_lane_rules(form.save(commit=False), by=request.user, why=why)
        messages.success(request, _("Saved."))
        return redirect("urgent-lane")
    context = {"form": form, "acts": timeline({"orders_lanerules": [1]})}
    return render(request, "delivery/lane_rules.html", context, status=422 if form.errors else 200)
