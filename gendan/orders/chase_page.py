"""What an order's page shows of the chasing of its payment: what was said, and what came of it."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from gendan.orders.models import Chase, ChaseOffer, ChaseTouch, Order
from gendan.orders.page import Contribution, Panel, Rare, Step, contribute
from gendan.orders.queries.chasing import said_about, unheard
from gendan.orders.stages import Stage
from gendan.people.access import Worker
from gendan.ui.prepared import Given

CHASES = Rare(lambda: Chase.objects.filter(order=Given("order")))


@contribute
def chased(order: Order, worker: Worker) -> Contribution:
    """Contribute what was said about payment, if the order ever waited for it."""
    for chase in CHASES.of(order):
        touches = list(said_about([order.pk]))
        offers = list(
            ChaseOffer.objects.filter(chase=chase).select_related("changed_by").order_by("-pk")
        )
        shown = order.stage == Stage.UNPAID or touches or offers
        context = {
            "chase": chase,
            "touches": touches,
            "offers": offers,
            "may_decide": worker.may("orders.below_floor"),
        }
        return Contribution(
            panels=[Panel("orders/chase/_panel.html", context, 15)] if shown else [],
            steps=list(_steps(order, chase, touches)),
            subjects={
                "orders_chase": [chase.pk],
                "orders_chasetouch": [touch.pk for touch in touches],
                "orders_chaseoffer": [offer.pk for offer in offers],
            },
        )
    return Contribution()


def _steps(order: Order, chase: Chase, touches: list[ChaseTouch]) -> Iterator[Step]:
    """Offer the word about payment; first of all when the plan says that it is time."""
    if order.stage == Stage.UNPAID and not chase.is_held_out:
        is_due = any(touch.said_at is None for touch in touches) or unheard(touches) is not None
        page = reverse("chase", args=[order.number])
        place = 8 if is_due else 20
        yield Step(_("Chase payment"), page, "orders.chase", place, post=False, icon="phone")
