"""Gift rules: the list, one rule, and trying one on the past."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gendan.journal.queries import timeline
from gendan.orders.actions.save_gift_rule import save_gift_rule, try_gift_rule
from gendan.orders.finding import order_finder
from gendan.orders.forms.gift import (
    GiftRuleForm,
    TypedTier,
    fresh_rule,
    read_tiers,
    typed_tiers,
    written_tiers,
)
from gendan.orders.gift_lists import GIFT_RULES
from gendan.orders.models import GiftLine, GiftRule
from gendan.people.access import Worker, allowed, at_shops
from gendan.people.requests import StaffRequest
from gendan.ui.errors import Refused
from gendan.ui.finding.offering import completed
from gendan.ui.listing import list_view

LAST = 10_000
SHOWN = 8


@allowed("catalog.manage")
def gift_rules(request: StaffRequest) -> HttpResponseBase:
    return list_view(request, GIFT_RULES)


@allowed("catalog.manage")
def gift_rule(request: StaffRequest, pk: int | None = None) -> HttpResponse:
    """Show a rule or a new one; save it; complete its condition."""
    if "complete" in request.GET:
        return completed(request, order_finder)
    found = get_object_or_404(GiftRule, pk=pk) if pk else fresh_rule()
    form = _form(request, found)
    tiers = typed_tiers(request.POST) if form.is_bound else written_tiers(found)
    complaint = ""
    if form.is_bound and form.is_valid():
        try:
            said = read_tiers(tiers, form.cleaned_data["measure"])
            why = request.POST.get("why", "")
            saved = save_gift_rule(form.rule(), said, by=request.user, why=why)
            messages.success(request, _("Saved. Orders that are screened from now on get it."))
            return redirect("gift-rule", saved.pk)
        except Refused as refused:
            complaint = refused.sentence
    context = {
        "rule": found,
        "form": form,
        "tiers": [*tiers, *(TypedTier() for _n in range(2))],
        "expression": form.expression,
        "complaint": complaint,
        "last_given": _last_given(found, request.user),
        "acts": timeline({"orders_giftrule": [found.pk]}) if found.pk else [],
    }
    status = 422 if form.is_bound else 200
    return render(request, "orders/gifts/rule.html", context, status=status)


@require_POST
@allowed("catalog.manage")
def attempt(request: StaffRequest, pk: int | None = None) -> HttpResponse:
    """Say what the rule on the page would have given to the last orders."""
    found = get_object_or_404(GiftRule, pk=pk) if pk else fresh_rule()
    form = _form(request, found)
    context: dict[str, Any] = {"last": LAST}
    try:
        if not form.is_valid():
            name, mistakes = next(iter(form.errors.items()))
            context["complaint"] = f"{form[name].label}: {mistakes[0]}"
        else:
            tiers = read_tiers(typed_tiers(request.POST), form.cleaned_data["measure"])
            now = timezone.now()
            context["trial"] = try_gift_rule(
                form.rule(), tiers, by=request.user, now=now, last=LAST
            )
    except Refused as refused:
        context["complaint"] = refused.sentence
    return render(request, "orders/gifts/_trial.html", context)


def _form(request: StaffRequest, rule: GiftRule) -> GiftRuleForm:
    expression = request.POST.get("expression", rule.expression).strip()
    posted = request.POST if request.method == "POST" else None
    return GiftRuleForm(posted, instance=rule, expression=expression)


def _last_given(rule: GiftRule, worker: Worker) -> list[GiftLine]:
    if not rule.pk:
        return []
    given = GiftLine.objects.filter(at_shops(worker, "order__shop"), rule=rule)
    given = given.select_related("order", "line")
    return list(given.order_by("-pk")[:SHOWN])
