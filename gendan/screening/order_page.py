"""What this room shows on an order's page: what holds it, with the remedies."""

from django.urls import reverse
from django.utils.translation import gettext as _

from gendan.orders.models import Order
from gendan.orders.page import Contribution, Milestone, Panel, Step, contribute
from gendan.orders.stages import Stage
from gendan.people.access import Worker
from gendan.screening.actions.hold import STAGES
from gendan.screening.queries import cards, holds_of

OVER_SHOWN = 10


@contribute
def held(order: Order, worker: Worker) -> Contribution:
    """Contribute the holds to the page of an order that has or had any."""
    holds = holds_of(order)
    open_now, over = cards(holds), [hold for hold in holds if hold.cleared_at][:OVER_SHOWN]
    context = {"cards": open_now, "over": over, "may": worker.may("screening.review")}
    panel = Panel("screening/_order_holds.html", context, 2 if open_now else 45)
    return Contribution(
        panels=(panel,) if open_now or over else (),
        steps=_steps(order),
        milestones=(Milestone("released", _("Released"), order.released_at, 40),),
        subjects={"screening_hold": [hold.pk for hold in holds]},
    )


def _steps(order: Order) -> list[Step]:
    steps = []
    if order.stage == Stage.HELD:
        desk = f"{reverse('screening')}?order={order.number}"
        release = reverse("screening-release", args=[order.number])
        steps.append(Step(_("Review"), desk, "screening.review", 10, post=False, icon="hold"))
        steps.append(Step(_("Release"), release, "screening.review", 60, icon="check"))
    if order.stage in STAGES and order.stage != Stage.HELD:
        hold = reverse("screening-hold", args=[order.number])
        steps.append(
            Step(_("Hold"), hold, "screening.review", 80, post=False, dialog=True, icon="stop")
        )
    return steps
