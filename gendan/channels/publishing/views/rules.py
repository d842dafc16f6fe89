"""The rules: the list, one of them, and what it would do to real goods."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gendan.channels.models import PublishRule
from gendan.channels.publishing.actions import preview, save_rule
from gendan.channels.publishing.forms import RuleForm
from gendan.channels.publishing.listings import RULES
from gendan.channels.publishing.queries import rules as all_rules
from gendan.journal.queries import timeline
from gendan.people.access import allowed, at_shops
from gendan.people.requests import StaffRequest
from gendan.ui.errors import Refused
from gendan.ui.listing import list_view


@allowed("stock.publish")
def rules(request: StaffRequest) -> HttpResponseBase:
    return list_view(request, RULES)


@allowed("stock.publish")
def rule(request: StaffRequest, pk: int = 0) -> HttpResponse:
    """Show a rule or a new one, and save it."""
    found = _rule(request, pk)
    posted = request.POST if request.method == "POST" else None
    form = RuleForm(posted, instance=found, worker=request.user)
    complaint = ""
    if posted and form.is_valid():
        try:
            save_rule(form.rule(), by=request.user, why=request.POST.get("why", ""))
        except Refused as refused:
            complaint = refused.sentence
        else:
            messages.success(request, _("Saved. The shops are told of what differs."))
            return redirect("publish-rules")
    context: dict[str, Any] = {
        "rule": found,
        "form": form,
        "complaint": complaint,
        "acts": timeline({"channels_publishrule": [pk]}) if pk else [],
    }
    status = 422 if posted else 200
    return render(request, "channels/publishing/rule.html", context, status=status)


@require_POST
@allowed("stock.publish")
def attempt(request: StaffRequest, pk: int = 0) -> HttpResponse:
    """Say what the rule would do as it is filled in."""
    form = RuleForm(request.POST, instance=_rule(request, pk), worker=request.user)
    context: dict[str, Any] = {"errors": form.errors}
    if form.is_valid():
        try:
            context["preview"] = preview(form.rule(), by=request.user)
        except Refused as refused:
            context["complaint"] = refused.sentence
    return render(request, "channels/publishing/_preview.html", context)


def _rule(request: StaffRequest, pk: int) -> PublishRule:
    if not pk:
        return PublishRule()
    theirs = all_rules().filter(at_shops(request.user))
    return get_object_or_404(theirs, pk=pk)
