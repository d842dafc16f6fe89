"""What this room shows on an order's page: what holds it, with the remedies."""

from django.urls import reverse
from django.utils.translation import gettext as _

from gendan.orders.models import Order
from gendan.orders.page import Contribution, Milestone, Panel, Step, contribute
from gendan.orders.stages import Stage
from gendan.people.access import Worker
from gendan.screening.actions.hold import STAGES
from gendan.screening.models import Force
from gendan.screening.queries import cards, holds_of
from gendan.ui.statements import Lookup

OVER_SHOWN = 10
FORCES = Lookup(Force, "order_id = %s ORDER BY id")


@contribute
def held(order: Order, worker: Worker) -> Contribution:
    """Contribute the holds to the page of an order that has or had any."""
    holds = holds_of(order)
    open_now, over = cards(holds), [hold for hold in holds if hold.cleared_at][:OVER_SHOWN]
    forces = FORCES(order.pk) if over else []
    context = {
        "cards": open_now,
        "over": over,
        "may": worker.may("screening.review"),
        "forces": forces,
        "stopped": order.stage == Stage.ALLOCATED,
    }
    panel = Panel("screening/_order_holds.html", context, 2 if open_now else 45)
    return Contribution(
        panels=(panel,) if open_now or over or forces else (),
        steps=_steps(order, bool(open_now)),
        milestones=(Milestone("released", _("Released"), order.released_at, 40),),
        subjects={
            "screening_hold": [hold.pk for hold in holds],
            "screening_force": [one.pk for one in forces],
        },
    )


def _steps(order: Order, is_held: bool) -> list[Step]:
    steps = []
    if order.stage == Stage.HELD or (is_held and order.stage == Stage.ALLOCATED):
        desk = f"{reverse('screening')}?order={order.number}"
        release = reverse("screening-release", args=[order.number])
        steps.append(Step(_("Review"), desk, "screening.review", 10, post=False, icon="hold"))
        steps.append(Step(_("Release"), release, "screening.review", 60, icon="check"))
        force = reverse("screening-force", args=[order.number])
        steps.append(
            Step(
                _("Release in spite of it"),
                force,
                "screening.force",
                95,
                post=False,
                dialog=True,
                icon="lock",
                tone="danger",
            )
        )
    if order.stage in STAGES and order.stage != Stage.HELD:
        hold = reverse("screening-hold", args=[order.number])
        steps.append(
            Step(_("Hold"), hold, "screening.review", 80, post=False, dialog=True, icon="stop")
        )
    return steps
