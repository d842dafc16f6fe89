"""The plans of chasing, and what chasing brings."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from gendan.journal.queries import timeline
from gendan.orders.actions import chase as acts
from gendan.orders.chasing import rules, terms
from gendan.orders.finding import order_finder
from gendan.orders.forms.chase import PlanForm, RulesForm, StepForms
from gendan.orders.models import ChasePlan
from gendan.orders.queries.chase_gain import ENOUGH, gains
from gendan.orders.views.chase_chart import chart
from gendan.people.access import allowed
from gendan.people.requests import StaffRequest
from gendan.ui.errors import Refused
from gendan.ui.finding import FindingError

WEEKS = 12


@allowed("orders.chase")
def gain(request: StaffRequest) -> HttpResponse:
    """Show what chasing brings against those who are held out."""
    now = timezone.now()
    brought = gains(request.user, since=now - timedelta(weeks=WEEKS), now=now)
    context = {
        "gains": brought,
        "weeks": WEEKS,
        "enough": ENOUGH,
        "chart": chart(brought.weeks),
        "is_set_up": rules() is not None,
    }
    return render(request, "orders/chase/gain.html", context)


@allowed("orders.plan_chasing")
def plans(request: StaffRequest) -> HttpResponse:
    """Show the plans, and change what binds them all."""
    binding = rules()
    if request.method == "POST" and "install" in request.POST:
        acts.install_chasing(by=request.user, now=timezone.now())
        messages.success(request, _("Set up. What is due becomes work from the next minute on."))
        return redirect("chase-plans")
    form, status = None, 200
    if binding:
        posted = request.POST if request.method == "POST" else None
        form = RulesForm(posted, instance=binding, terms=terms())
        if form.is_valid():
            saved = form.save(commit=False)
            why = request.POST.get("why", "")
            acts.save_chase_rules(saved, form.terms(), by=request.user, why=why)
            messages.success(request, _("Saved."))
            return redirect("chase-plans")
        status = 422 if posted else 200
    all_plans = ChasePlan.objects.prefetch_related("steps")
    context = {"plans": [(each, _explained(each)) for each in all_plans], "form": form}
    return render(request, "orders/chase/plans.html", context, status=status)


@allowed("orders.plan_chasing")
def plan(request: StaffRequest, code: str = "") -> HttpResponse:
    """Show a plan or a new one; save it."""
    found = get_object_or_404(ChasePlan, code=code) if code else ChasePlan(name="", is_on=True)
    posted = request.POST if request.method == "POST" else None
    lines = [_line(step) for step in found.steps.filter(is_retired=False)] if found.pk else []
    form = PlanForm(posted, instance=found)
    steps = StepForms(posted, initial=lines)
    expression = request.POST.get("expression", found.expression).strip()
    complaint = ""
    if posted is not None and form.is_valid() and steps.is_valid():
        try:
            wanted = [step for line in steps if (step := line.step())]
            saved = form.save(commit=False)
            saved.expression = expression
            saved.code = saved.code or f"PLAN_{timezone.now():%y%m%d%H%M%S}"
            acts.save_plan(saved, wanted, by=request.user, why=request.POST.get("why", ""))
            messages.success(request, _("Saved."))
            return redirect("chase-plans")
        except Refused as refused:
            complaint = refused.sentence
    context = {
        "plan": found,
        "form": form,
        "steps": steps,
        "expression": expression,
        "complaint": complaint,
        "acts": timeline({"orders_chaseplan": [found.pk]}) if found.pk else [],
    }
    return render(request, "orders/chase/plan.html", context, status=422 if posted else 200)


def _line(step: Any) -> dict[str, Any]:
    return {
        name: getattr(step, name)
        for name in ("minutes", "anchor", "channel", "reason", "is_automatic")
    }


def _explained(found: ChasePlan) -> str:
    try:
        return order_finder.explain(found.expression)
    except FindingError as error:
        return str(_("Can't be read: %(why)s") % {"why": error.message})
