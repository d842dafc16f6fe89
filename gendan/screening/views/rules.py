"""The rules: the list, one rule, and trying a condition on the past."""

import re

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from gendan.journal.queries import timeline
from gendan.people.access import allowed
from gendan.people.requests import StaffRequest
from gendan.screening.actions import save_rule
from gendan.screening.fields import screening_finder
from gendan.screening.forms import RuleForm
from gendan.screening.lists import RULES
from gendan.screening.models import Remedy, Rule, Severity
from gendan.screening.queries import try_rule
from gendan.screening.rules import MANUAL, UNASKED
from gendan.ui.errors import Refused
from gendan.ui.finding import FindingError
from gendan.ui.finding.offering import completed
from gendan.ui.listing import list_view

LAST = 10_000


@allowed("screening.rules")
def rules(request: StaffRequest) -> HttpResponseBase:
    return list_view(request, RULES)


@allowed("screening.rules")
def rule(request: StaffRequest, code: str = "") -> HttpResponse:
    """Show a rule or a new one; save it; complete its condition."""
    if "complete" in request.GET:
        return completed(request, screening_finder)
    found = get_object_or_404(Rule.objects.exclude(code=MANUAL), code=code) if code else _fresh()
    expression = request.POST.get("expression", found.expression).strip()
    posted = request.POST if request.method == "POST" else None
    form = RuleForm(posted, instance=found, expression=expression)
    complaint = ""
    if request.method == "POST" and form.is_valid():
        try:
            saved = save_rule(_named(form.rule()), by=request.user, why=request.POST.get("why", ""))
            messages.success(request, _("Saved. The next screening asks it."))
            return redirect("screening-rule", saved.code)
        except Refused as refused:
            complaint = refused.sentence
    context = {
        "rule": found,
        "form": form,
        "expression": expression,
        "complaint": complaint,
        "by_act": found.code in UNASKED,
        "acts": timeline({"screening_rule": [found.pk]}) if found.pk else [],
    }
    return render(request, "screening/rule.html", context, status=422 if posted else 200)


@allowed("screening.rules")
def attempt(request: StaffRequest) -> HttpResponse:
    """Say how many of the last orders a condition would have held."""
    expression = request.POST.get("expression", request.GET.get("expression", "")).strip()
    context: dict[str, object] = {"last": LAST}
    try:
        if expression:
            now = timezone.now()
            context["trial"] = try_rule(expression, now=now, worker=request.user, last=LAST)
            context["explained"] = screening_finder.explain(expression)
    except FindingError as error:
        at, end = error.position, error.position + error.length
        context["mistake"] = {
            "error": error,
            "before": expression[:at],
            "wrong": expression[at:end],
            "behind": expression[end:],
        }
    return render(request, "screening/_trial.html", context)


def _fresh() -> Rule:
    return Rule(severity=Severity.WARN, remedy=Remedy.NONE, is_on=False)


def _named(rule: Rule) -> Rule:
    """Give a new rule a code nobody else has."""
    if not rule.code:
        word = re.sub(r"\W+", "_", (rule.name_en or "RULE").upper(), flags=re.ASCII)[:30]
        rule.code = f"{word.strip('_') or 'RULE'}_{timezone.now():%y%m%d%H%M%S}"[:40]
    return rule
