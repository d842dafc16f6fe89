"""The list of the sweep: every hold that is open, the oldest first."""

from datetime import timedelta
from typing import Any

from django.db.models import DurationField, ExpressionWrapper, F, Q, QuerySet, Value
from django.db.models.functions import Now
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, ngettext_lazy

from gendan.orders.models import Order
from gendan.people.access import Worker
from gendan.screening.actions import clear, force
from gendan.screening.models import (
    TONES,
    Hold,
    Remedy,
    Review,
    Rule,
    Severity,
)
from gendan.screening.rules import MANUAL
from gendan.screening.sweeping import held_now
from gendan.screening.wording import told
from gendan.ui.finding import Field, Finder
from gendan.ui.listing import BatchAction, Column, Empty, Link, Listing, Of, Tab
from gendan.ui.wording import in_own_words

ALLOWED = ExpressionWrapper(
    F("rule__long_after_h") * Value(timedelta(hours=1)), output_field=DurationField()
)


def _rules() -> list[tuple[Any, str]]:
    return [(rule.pk, rule.label) for rule in Rule.objects.all()]


def _why(evidence: dict[str, Any]) -> str:
    """Return the evidence on one line."""
    facts = (f"{fact.label}: {fact.text or '、'.join(fact.orders)}" for fact in told(evidence))
    return " · ".join(facts)


def _who(rule: str, evidence: dict[str, Any]) -> str:
    """Return who held it: a colleague, or a rule (by its code)."""
    return str(evidence.get("by", "")) if rule == MANUAL else str(_("Rule"))


def _remedy(hold: Hold) -> str:
    """Draw the one click that leads to the remedy."""
    label = hold.rule.get_remedy_display() if hold.rule.remedy != Remedy.NONE else _("Clear")
    return format_html(
        '<button class="button small" type="button" hx-get="{}" hx-target="#dialog-place">'
        "{}</button>",
        reverse("screening-remedy", args=[hold.pk]),
        label,
    )


def _clear(rows: "QuerySet[Hold]", *, by: Worker, why: str, data: Any) -> str:
    chosen = Hold.objects.filter(pk__any=list(rows.values_list("pk", flat=True)))
    number = clear(chosen, by=by, now=timezone.now(), why=why).count()
    return ngettext("Cleared; %(n)d order goes on.", "Cleared; %(n)d orders go on.", number) % {
        "n": number
    }


def _force(rows: "QuerySet[Hold]", *, by: Worker, why: str, data: Any) -> str:
    orders = set(rows.values_list("order_id", flat=True))
    number = force(Order.objects.numbered(orders), by=by, now=timezone.now(), why=why).count()
    return ngettext("%(n)d order released.", "%(n)d orders released.", number) % {"n": number}


SWEEP = Listing(
    name="sweep",
    title=_("Sweep of held orders"),
    lead=_("Everything that is held, why, since when and what it is worth; the oldest first."),
    rows=held_now,
    finder=Finder(
        Hold,
        [
            Field("order", _("order number"), lookup="order__number"),
            Field("rule", _("rule"), "choice", lookup="rule_id", choices=_rules),
            Field("severity", _("severity"), "choice", choices=Severity.choices),
            Field(
                "review",
                _("reviewed by"),
                "choice",
                lookup="rule__review",
                choices=Review.choices,
            ),
            Field("held_at", _("held"), "instant", lookup="placed_at"),
            Field("total", _("to pay"), "money", lookup="order__total_fen"),
            Field("promise_at", _("promised for"), "instant", lookup="order__promise_at"),
            Field("shop", _("shop"), lookup="order__shop__name"),
        ],
        quick=lambda text: Q(order__number__startswith=text) | Q(rule__name__contains=text),
    ),
    columns=(
        Column("order", _("Order number"), value="order.number", kind="code", mobile=1),
        Column("shop", _("Shop"), value="order.shop.name", sort="order__shop__name", mobile=3),
        Column(
            "rule",
            _("Rule"),
            value=Of(in_own_words, "rule.name", "rule.name_en"),
            tone=lambda hold: TONES[Severity(hold.severity)],
            sort="rule__position",
        ),
        Column("who", _("Held by whom"), value=Of(_who, "rule.code", "evidence")),
        Column("why", _("Why"), value=Of(_why, "evidence")),
        Column("placed_at", _("Held since"), kind="instant", sort="placed_at"),
        Column(
            "total", _("To pay"), value="order.total_fen", kind="money", sort="order__total_fen"
        ),
        Column(
            "promise_at",
            _("Promised for"),
            value="order.promise_at",
            kind="instant",
            sort="order__promise_at",
        ),
        Column("remedy", _("Remedy"), draw=_remedy, export=False),
    ),
    sort="placed_at",
    tabs=(
        Tab("all", _("All")),
        Tab("long", _("Too long"), Q(placed_at__lt=Now() - ALLOWED)),
        Tab("late", _("Promise at risk"), "promise_at < +1d"),
        Tab("finance", _("Finance"), Q(rule__review=Review.FINANCE)),
        Tab("hand", _("Held by a colleague"), Q(rule__code=MANUAL)),
    ),
    actions=(
        BatchAction("clear", _("Clear"), "screening.review", _clear, needs_why=True, icon="check"),
        BatchAction(
            "force",
            _("Release in spite of it"),
            "screening.force",
            _force,
            needs_why=True,
            confirm=ngettext_lazy(
                "Release the order of %(n)s hold in spite of everything that holds it?",
                "Release the orders of %(n)s holds in spite of everything that holds them?",
                "n",
            ),
            tone="danger",
            icon="lock",
        ),
    ),
    url=lambda hold: reverse("order", args=[hold.order.number]),
    permission="screening.review",
    may_export="orders.export",
    icon="hold",
    links=(
        Link(_("To the desk"), reverse_lazy("screening"), "screening.review", "hold", is_act=False),
    ),
    empty=Empty(
        _("Nothing is held"),
        _("What no rule holds passes by itself; what is held stands here until it is cleared."),
        "check",
    ),
)
