"""The list of unpaid orders: what is left of their time, and what was said so far."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from gendan.orders.actions.cancel import cancel
from gendan.orders.cells import number_cell
from gendan.orders.chasing import next_due
from gendan.orders.finding import order_finder
from gendan.orders.models import ChaseOutcome, ChaseRules, ChaseTouch, Order, OrderQuerySet
from gendan.orders.queries.chasing import queue
from gendan.people.access import Worker
from gendan.ui.listing import BatchAction, Column, Empty, Listing, Of, Tab
from gendan.ui.templatetags.ui import badge, clock, moment
from gendan.ui.wording import masked_name
from gendan.worklist.models import Item, Kind

SOON = timedelta(hours=3)
OUTCOME_TONES = {
    ChaseOutcome.WILL_PAY: "good",
    ChaseOutcome.NEEDS_HELP: "warn",
    ChaseOutcome.WANTS_OFFER: "warn",
    ChaseOutcome.NO_INTEREST: "bad",
    ChaseOutcome.UNREACHABLE: "muted",
    ChaseOutcome.SAYS_PAID: "warn",
    ChaseOutcome.WANTS_CHANGE: "warn",
}
DUE = Exists(
    Item.objects.open().filter(kind=Kind.CHASE, subject="order", subject_id=OuterRef("pk"))
)
TOUCHES = ChaseTouch.objects.filter(chase__order=OuterRef("pk"))
OF_ORDER = TOUCHES.order_by().values("chase__order")


def _rows(worker: Worker) -> OrderQuerySet:
    return queue(worker).prefetch_related("chase__plan__steps")


def _closes(order: Order) -> str:
    chase = _chase(order)
    if chase is None or chase.is_held_out:
        return ""
    return clock(chase.closes_at, int(SOON.total_seconds()))


def _buyer(order: Order) -> str:
    chase = _chase(order)
    if chase is None:
        return ""
    if chase.is_held_out:
        return badge(_now("Held out"), "muted")
    return _known(chase.is_known_buyer)


def _known(is_known: bool) -> str:
    return badge(_now("Known buyer"), "good") if is_known else badge(_now("New buyer"), "info")


def _came_of_it(order: Any) -> str:
    if not order.outcome:
        return ""
    outcome = ChaseOutcome(order.outcome)
    return badge(str(outcome.label), OUTCOME_TONES[outcome])


def _next(order: Any) -> str:
    """Write when the plan chases next; that it is due, if it is."""
    chase = _chase(order)
    if order.is_due:
        return badge(_now("Due now"), "warn")
    if chase is None or chase.plan is None:
        return ""
    steps = [step for step in chase.plan.steps.all() if not step.is_retired]
    if order.quiet_from is None:
        return ""
    binding = ChaseRules(quiet_from=order.quiet_from, quiet_until=order.quiet_until)
    due = next_due(chase, steps, order.last_at, binding)
    return moment(due.at) if due else ""


def _chase(order: Order) -> Any:
    return getattr(order, "chase", None)


def _row_class(order: Order) -> str:
    """Who is held out stands there, but nothing about them asks for anything."""
    chase = _chase(order)
    return "is-done" if chase and chase.is_held_out else ""


def _promised(person: Worker) -> Q:
    return Q(Exists(TOUCHES.filter(will_pay_at__gt=timezone.now())))


def _soon(person: Worker) -> Q:
    now = timezone.now()
    return Q(chase__closes_at__range=(now, now + SOON), chase__is_held_out=False)


def _cancel(rows: OrderQuerySet, *, by: Any, why: str, data: Mapping[str, Any]) -> str:
    number = rows.count()
    cancel(Order.objects.filter(pk__in=rows.values("pk")), by=by, why=why, now=timezone.now())
    return ngettext("%(n)s order cancelled.", "%(n)s orders cancelled.", number) % {"n": number}


chase_listing = Listing(
    name="chasing",
    title=_("Chase payment"),
    lead=_("What nobody has paid yet, with the time and the money that are left."),
    rows=_rows,
    told={
        "quiet_from": Subquery(ChaseRules.objects.values("quiet_from")[:1]),
        "quiet_until": Subquery(ChaseRules.objects.values("quiet_until")[:1]),
        "is_due": DUE,
        "times": Coalesce(Subquery(OF_ORDER.annotate(n=Count("pk")).values("n")), 0),
        "outcome": Subquery(
            TOUCHES.exclude(outcome="").order_by("-outcome_at").values("outcome")[:1]
        ),
        "last_at": Subquery(
            OF_ORDER.annotate(at=Max(Greatest("made_at", Coalesce("said_at", "made_at")))).values(
                "at"
            )
        ),
    },
    finder=order_finder,
    columns=(
        Column("number", _("Order"), draw=number_cell, sort="number", mobile=1),
        Column("closes", _("Closes"), draw=_closes, sort="chase__closes_at"),
        Column("total", _("To pay"), "total_fen", kind="money", sort="total_fen"),
        Column("buyer", _("Customer"), draw=_buyer, note=Of(masked_name, "receiver_name")),
        Column("shop", _("Shop"), value="shop.name"),
        Column("times", _("Times chased"), "times", kind="number"),
        Column("outcome", _("Last outcome"), draw=_came_of_it),
        Column("next", _("Next step"), draw=_next),
        Column("placed_at", _("Placed"), kind="instant", sort="placed_at"),
    ),
    sort="closes",
    tabs=(
        Tab("due", _("Due now"), lambda person: Q(DUE)),
        Tab("soon", _("Closes soon"), _soon),
        Tab("promised", _("Promised to pay"), _promised),
        Tab("held-out", _("Held out"), Q(chase__is_held_out=True)),
        Tab("all", _("All unpaid")),
    ),
    row_class=_row_class,
    actions=(
        BatchAction(
            "cancel",
            _("Cancel"),
            "orders.cancel",
            _cancel,
            needs_why=True,
            tone="danger",
            icon="cross",
        ),
    ),
    url=lambda order: reverse("chase", args=[order.number]),
    permission="orders.chase",
    icon="money",
    empty=Empty(
        _("Nothing here"),
        _("Unpaid orders come by themselves; what is due for a word stands under “Due now”."),
        "money",
    ),
)
