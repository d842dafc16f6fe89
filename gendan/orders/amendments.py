"""The list of amendments."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gendan.orders.models import Amendment, AmendmentQuerySet, AmendmentState, AskedBy, Cause
from gendan.orders.queries.amendments import wishes_of
from gendan.people.access import Worker
from gendan.ui.finding import Field, Finder
from gendan.ui.finding.quick import contains
from gendan.ui.listing import Column, Empty, Listing, Tab

TONES = {
    AmendmentState.REQUESTED: "warn",
    AmendmentState.CONFIRMED: "good",
    AmendmentState.DECLINED: "bad",
    AmendmentState.WITHDRAWN: "muted",
}


def _rows(worker: Worker) -> AmendmentQuerySet:
    return Amendment.objects.visible_to(worker).select_related("order", "shop")


def _wishes(amendment: Amendment) -> str:
    return "；".join(wishes_of(amendment))


AMENDMENTS = Listing(
    name="amendments",
    title=_("Changes of orders"),
    lead=_("What is wanted otherwise in orders on their way, and what came of it."),
    rows=_rows,
    finder=Finder(
        Amendment,
        [
            Field("number", _("amendment")),
            Field("order", _("order number"), lookup="order__number"),
            Field("state", _("state"), "choice", choices=AmendmentState.choices),
            Field("asked_by", _("asked for by"), "choice", choices=AskedBy.choices),
            Field("cause", _("cause"), "choice", choices=Cause.choices),
            Field("requested_by", _("written down by")),
            Field("requested_at", _("asked for at"), "instant"),
            Field("decided_by", _("decided by")),
            Field("decided_at", _("decided at"), "instant"),
            Field("difference", _("difference"), "money", lookup="difference_fen"),
        ],
        quick=contains("number", "order__number", "words"),
    ),
    columns=(
        Column("number", _("amendment"), sort="number", mobile=1, note="order.number"),
        Column("wishes", _("wanted"), value=_wishes, mobile=2, note="words"),
        Column(
            "state",
            _("state"),
            value="get_state_display",
            tone=lambda row: TONES[AmendmentState(row.state)],
            mobile=3,
        ),
        Column("cause", _("cause"), value="get_cause_display"),
        Column("asked_by", _("asked for by"), value="get_asked_by_display"),
        Column("difference", _("difference"), kind="money", value="difference_fen"),
        Column("requested_by", _("written down by")),
        Column("requested_at", _("asked for at"), kind="instant", sort="id"),  # as they came
        Column("decided_by", _("decided by")),
    ),
    sort="-requested_at",
    tabs=(
        Tab("open", _("To decide"), Q(state=AmendmentState.REQUESTED)),
        Tab(
            "confirmed",
            pgettext_lazy("an amendment", "Carried out"),
            Q(state=AmendmentState.CONFIRMED),
        ),
        Tab(
            "not",
            _("Declined or withdrawn"),
            Q(state__in=(AmendmentState.DECLINED, AmendmentState.WITHDRAWN)),
        ),
        Tab("all", _("All")),
    ),
    url=lambda row: reverse("amendment", args=[row.number]),
    permission="orders.see",
    icon="edit",
    empty=Empty(
        _("Nothing to decide"),
        _("When a customer wants something else, open the order and choose “Change the order”."),
        "edit",
    ),
)
