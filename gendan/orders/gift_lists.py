"""The list of gift rules."""

from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from gendan.orders.actions.save_gift_rule import switch_gift_rules
from gendan.orders.finding import order_finder
from gendan.orders.models import GiftRule, Reach, Scope, WhenOut
from gendan.ui.finding import Field, Finder, FindingError
from gendan.ui.finding.quick import contains
from gendan.ui.listing import Column, Empty, Link, Listing, Tab
from gendan.ui.listing.switching import SWITCHED, faded, switches


def _rules(person: Any) -> "QuerySet[GiftRule]":
    return GiftRule.objects.prefetch_related("tiers__sku")


def condition(rule: GiftRule) -> str:
    """Return who gets it, in the reader's language; that it can't be read, if so."""
    try:
        return order_finder.explain(rule.expression) if rule.expression else str(_("Every order"))
    except FindingError as error:
        return str(_("Can't be read: %(why)s") % {"why": error.message})


def tiers(rule: GiftRule) -> str:
    """Return what is given from which mark on, or for every how much, and how often at most."""
    said = [f"{rule.told(tier.mark)} → {tier.sku} × {tier.quantity}" for tier in rule.tiers.all()]
    if rule.most_times is not None:
        said.append(
            ngettext("%(n)d time at most", "%(n)d times at most", rule.most_times)
            % {"n": rule.most_times}
        )
    if rule.scope == Scope.PARCEL:
        said.append(rule.get_scope_display())
    return "；".join(said)


def given(rule: GiftRule) -> str:
    """Return how many pieces were given, of how many."""
    return f"{rule.given} / {rule.limit}" if rule.limit is not None else str(rule.given)


GIFT_RULES = Listing(
    name="gift-rules",
    title=_("Gift rules"),
    lead=_("What an order gets on top: the rule stays on the line, and no piece is given twice."),
    rows=_rules,
    finder=Finder(
        GiftRule,
        [
            Field("name", _("name")),
            Field("from", _("from"), "instant", lookup="from_at"),
            Field("until", _("until"), "instant", lookup="until_at"),
            Field("given", _("given"), "number"),
            Field("when_out", _("if the gift is out of stock"), "choice", choices=WhenOut.choices),
            Field("reach", _("gives"), "choice", choices=Reach.choices),
            Field("scope", _("counts"), "choice", choices=Scope.choices),
            Field("on", _("on"), "yesno", lookup="is_on"),
        ],
        quick=contains("name", "name_en", "expression"),
    ),
    columns=(
        Column("position", _("Position"), kind="number", sort="position", mobile=3),
        Column("name", _("Name"), value="label", sort="name", mobile=1),
        Column("condition", _("Orders that get it"), value=condition),
        Column("tiers", _("Gifts"), value=tiers),
        Column("from_at", _("From"), kind="instant", sort="from_at"),
        Column("until_at", _("Until"), kind="instant", sort="until_at"),
        Column("given", _("Given"), value=given, sort="given"),
        SWITCHED,
    ),
    sort="position",
    tabs=(
        Tab("all", _("All")),
        Tab("now", _("Running"), Q(is_on=True, from_at__lte=Now(), until_at__gt=Now())),
        Tab("gone", _("All given"), Q(limit__isnull=False, given__gte=F("limit"))),
        Tab("off", _("Off"), Q(is_on=False)),
    ),
    actions=switches(switch_gift_rules, "catalog.manage"),
    url=lambda rule: reverse("gift-rule", args=[rule.pk]),
    row_class=faded,
    links=(Link(_("New gift rule"), reverse_lazy("gift-rule-new"), "catalog.manage"),),
    permission="catalog.manage",
    icon="gift",
    empty=Empty(
        _("No gift rules"),
        _("A rule says from which amount or number of pieces on an order gets what."),
        "gift",
    ),
)
