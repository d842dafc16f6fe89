"""The lists of what is checked with customers, and of the rules that say what must be."""

from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _

from gendan.orders.actions.checklist import switch_checks
from gendan.orders.finding import order_finder
from gendan.orders.models import CheckItem, CheckRule
from gendan.ui.finding import Field, Finder, FindingError
from gendan.ui.finding.quick import contains
from gendan.ui.listing import Column, Empty, Link, Listing
from gendan.ui.listing.switching import SWITCHED, faded, switches


def condition(row: CheckItem | CheckRule) -> str:
    """Return what it asks in the reader's language; that it can't be read, if so."""
    if not row.expression:
        return str(_("Every order"))
    try:
        return order_finder.explain(row.expression)
    except FindingError as error:
        return str(_("Can't be read: %(why)s") % {"why": error.message})


FIELDS = (
    Field("name", _("name")),
    Field("code", _("code")),
    Field("on", _("on"), "yesno", lookup="is_on"),
)

ITEMS = Listing(
    name="check-items",
    title=_("Checklist"),
    lead=_("What is checked with customers, by kind of order; words in braces are filled in."),
    rows=lambda person: CheckItem.objects.all(),
    finder=Finder(CheckItem, FIELDS, quick=contains("name", "name_en", "code", "content", "say")),
    columns=(
        Column("position", _("Position"), kind="number", sort="position", mobile=3),
        Column("name", _("Item"), value="label", sort="name", mobile=1),
        Column("condition", _("Asked of"), value=condition),
        Column("say", _("What to say")),
        SWITCHED,
    ),
    sort="position",
    actions=switches(switch_checks, "desk.scripts"),
    url=lambda item: reverse("check-item", args=[item.code]),
    row_class=faded,
    links=(
        Link(_("New item"), reverse_lazy("check-item-new"), "desk.scripts"),
        Link(_("What must be checked"), reverse_lazy("check-rules"), "desk.scripts", "rule"),
    ),
    permission="desk.see",
    icon="check",
    empty=Empty(_("No items"), _("Write what must not be wrong in an order."), "check"),
)
RULES = Listing(
    name="check-rules",
    title=_("What must be checked"),
    lead=_("An order that meets a rule waits until it is checked; twice means by two people."),
    rows=lambda person: CheckRule.objects.all(),
    finder=Finder(CheckRule, FIELDS, quick=contains("name", "name_en", "code", "expression")),
    columns=(
        Column("name", _("Name"), value="label", sort="name", mobile=1),
        Column("condition", _("Condition"), value=condition),
        Column("rounds", _("How often"), value="get_rounds_display"),
        SWITCHED,
    ),
    sort="name",
    actions=switches(switch_checks, "desk.scripts"),
    url=lambda rule: reverse("check-rule", args=[rule.code]),
    row_class=faded,
    links=(
        Link(_("New rule"), reverse_lazy("check-rule-new"), "desk.scripts"),
        Link(_("Checklist"), reverse_lazy("check-items"), "desk.see", "check", is_act=False),
    ),
    permission="desk.see",
    icon="rule",
    empty=Empty(_("No rules"), _("Without rules no order waits to be checked."), "rule"),
)
