"""What this room shows on an order's page: which pieces are promised where, what is missing."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from gendan.orders.models import Order
from gendan.orders.page import Contribution, Milestone, Panel, Step, contribute
from gendan.orders.stages import Stage
from gendan.people.access import Worker
from gendan.stock.models import Reservation, Shortage
from gendan.stock.queries import PROMISED, SHORTAGES, reserved_at, standing

SHOWN_AT = (Stage.READY, Stage.SHORT, Stage.ALLOCATED)


@contribute
def stock(order: Order, worker: Worker) -> Contribution:
    """Contribute where the goods of an order lie, while that matters."""
    promised, shortages = _promised(order), SHORTAGES(order.pk)
    return Contribution(
        panels=_panels(order, promised, shortages),
        steps=_steps(order, is_promised=bool(promised)),
        milestones=(Milestone("reserved", _("Reserved"), reserved_at(order), 50),),
        subjects={"stock_shortage": [short.pk for short in shortages]},
    )


def _promised(order: Order) -> Sequence[Reservation]:
    return PROMISED(order=order.pk) if order.stage in SHOWN_AT else ()


def _panels(
    order: Order, promised: Sequence[Reservation], shortages: Sequence[Shortage]
) -> tuple[Panel, ...]:
    if order.stage not in SHOWN_AT:
        return ()
    lines = standing(order, promised, shortages)
    if order.stage == Stage.ALLOCATED and not any(line.promised for line in lines):
        return ()
    return (Panel("stock/_order_stock.html", {"lines": lines}, 28),)


def _steps(order: Order, *, is_promised: bool) -> list[Step]:
    if order.stage in (Stage.READY, Stage.SHORT):
        url = reverse("order-reserve", args=[order.number])
        return [Step(_("Reserve now"), url, "stock.reserve", 30, icon="stock")]
    if order.stage == Stage.ALLOCATED and is_promised:
        url = reverse("order-unreserve", args=[order.number])
        label = _("Take the reservation back")
        return [Step(label, url, "stock.reserve", 90, needs_why=True, icon="undo")]
    return []
