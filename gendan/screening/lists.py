"""The list of rules."""

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _

from gendan.screening.actions import switch
from gendan.screening.fields import screening_finder
from gendan.screening.models import TONES, Remedy, Review, Rule, Severity
from gendan.screening.rules import MANUAL, UNASKED
from gendan.ui.finding import Field, Finder, FindingError
from gendan.ui.finding.quick import contains
from gendan.ui.listing import Column, Empty, Link, Listing, Tab
from gendan.ui.listing.switching import SWITCHED, faded, switches


def _rules(person: Any) -> "QuerySet[Rule]":
    holding = Q(holds__cleared_at=None)
    return Rule.objects.exclude(code=MANUAL).annotate(holding=Count("holds", filter=holding))


def condition(rule: Rule) -> str:
    """Return what a rule asks, in the reader's language; that it can't be read, if so."""
    if rule.code in UNASKED:
        return str(_("Remark, address, invoice, goods or carrier changed since"))
    try:
        return screening_finder.explain(rule.expression)
    except FindingError as error:
        return str(_("Can't be read: %(why)s") % {"why": error.message})


RULES = Listing(
    name="rules",
    title=_("Screening rules"),
    lead=_("An order that meets a rule is held, with the evidence; what no rule holds passes."),
    rows=_rules,
    finder=Finder(
        Rule,
        [
            Field("name", _("name")),
            Field("code", _("code")),
            Field("severity", _("severity"), "choice", choices=Severity.choices),
            Field("remedy", _("remedy"), "choice", choices=Remedy.choices),
            Field("review", _("reviewed by"), "choice", choices=Review.choices),
            Field("on", _("on"), "yesno", lookup="is_on"),
        ],
        quick=contains("name", "name_en", "code", "expression"),
    ),
    columns=(
        Column("position", _("Position"), kind="number", sort="position", mobile=3),
        Column("name", _("Name"), value="label", sort="name", mobile=1, note="code"),
        Column("condition", _("Condition"), value=condition),
        Column(
            "severity",
            _("Severity"),
            value="get_severity_display",
            tone=lambda rule: TONES[Severity(rule.severity)],
            sort="severity",
        ),
        Column("remedy", _("Remedy"), value="get_remedy_display"),
        Column("review", _("Reviewed by"), value="get_review_display", mobile=3),
        Column("holding", _("Holds now"), kind="number", sort="holding"),
        SWITCHED,
    ),
    sort="position",
    tabs=(
        Tab("all", _("All")),
        Tab("on", _("On"), Q(is_on=True)),
        Tab("off", _("Off"), Q(is_on=False)),
    ),
    actions=switches(switch, "screening.rules"),
    url=lambda rule: reverse("screening-rule", args=[rule.code]),
    row_class=faded,
    links=(Link(_("New rule"), reverse_lazy("screening-rule-new"), "screening.rules"),),
    permission="screening.rules",
    icon="rule",
    empty=Empty(_("No rules"), _("The built-in rules come with the first screening."), "rule"),
)
