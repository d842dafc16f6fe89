"""What an order's page shows of its changes: what is wanted, what was carried out, the versions."""

from django.urls import reverse
from django.utils.translation import gettext as _

from gendan.orders.amended_goods import complete as complete
from gendan.orders.amended_haste import hurry as hurry
from gendan.orders.amended_items import correct as correct
from gendan.orders.dues import due_fen
from gendan.orders.models import Amendment, AmendmentState, Order
from gendan.orders.page import Contribution, Panel, Rare, Step, contribute
from gendan.orders.queries.amendments import wishes_of
from gendan.orders.stages import OVER
from gendan.people.access import Worker
from gendan.ui.prepared import Given

AMENDMENTS = Rare(lambda: Amendment.objects.filter(order=Given("order")).order_by("-pk"))


@contribute
def amended(order: Order, worker: Worker) -> Contribution:
    """Contribute the history of the order's versions, and the way to the next one."""
    rows = AMENDMENTS.of(order)
    waits = any(row.state == AmendmentState.REQUESTED for row in rows)
    version = max((row.version for row in rows if row.version), default=1)
    shown = [(row, wishes_of(row)) for row in rows]
    context = {"amendments": shown, "version": version}
    panel = Panel("orders/panels/amendments.html", context, 4 if waits else 40)
    return Contribution(
        panels=(panel,) if rows else (),
        steps=_steps(order, rows),
        subjects={"orders_amendment": [row.pk for row in rows]},
    )


def _steps(order: Order, rows: list[Amendment]) -> list[Step]:
    steps = [
        Step(
            _("Decide on the change %s") % row.number,
            reverse("amendment", args=[row.number]),
            "orders.amend",
            3,
            post=False,
            icon="edit",
        )
        for row in rows
        if row.state == AmendmentState.REQUESTED
    ]
    if order.stage not in OVER:
        page = reverse("order-amend", args=[order.number])
        steps.append(Step(_("Change the order"), page, "orders.amend", 65, post=False, icon="edit"))
    if due_fen(order):
        give = reverse("order-refund", args=[order.number])
        label = _("Give money back")
        steps.append(Step(label, give, "orders.refund", 12, post=False, dialog=True, icon="money"))
    return steps
