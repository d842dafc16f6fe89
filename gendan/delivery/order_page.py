"""What this room adds to an order's page: its parcels, when they left and arrived, and the end."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from gendan.delivery.intercepted import intercepted as intercepted
from gendan.delivery.queries.completion import delivered
from gendan.delivery.queries.way import ways_of
from gendan.orders.models import Order
from gendan.orders.page import Contribution, Milestone, Panel, Step, Turn, contribute
from gendan.orders.stages import Stage
from gendan.people.access import Worker
from gendan.warehouse.models import Shipment
from gendan.warehouse.stages import Stage as ShipmentStage


@contribute
def parcels(order: Order, worker: Worker) -> Contribution:
    """Show the order's parcels to whoever may see parcels."""
    ways = ways_of(order)
    ours = [parcel for parcel, _points in ways]
    shipped = [parcel.shipped_at for parcel in ours if parcel.shipped_at]
    arrived = [parcel.delivered_at for parcel in ours if parcel.delivered_at]
    complete = len(arrived) == len(ours)
    return Contribution(
        panels=_panels(ways) if ways and worker.may("delivery.see") else (),
        steps=_steps(order, ours),
        milestones=(
            Milestone("shipped", pgettext("a parcel", "Shipped"), max(shipped, default=None), 70),
            Milestone(
                "delivered", _("Delivered"), max(arrived, default=None) if complete else None, 80
            ),
        ),
        turns=[
            Turn(str(parcel.carrier or ""), parcel.waybill, parcel.shipped_at)
            for parcel in ours
            if parcel.shipped_at and not parcel.delivered_at
        ],
        subjects={"warehouse_shipment": [parcel.pk for parcel in ours]},
    )


def _panels(ways: object) -> tuple[Panel, ...]:
    return (Panel("delivery/_order_parcels.html", {"ways": ways}, position=30),)


def _steps(order: Order, ours: Iterable[Shipment]) -> tuple[Step, ...]:
    arrived = any(parcel.stage == ShipmentStage.DELIVERED for parcel in ours)
    waits = arrived and order.stage == Stage.ALLOCATED
    if not waits or not delivered(Order.objects.filter(pk=order.pk)).exists():
        return ()
    url = reverse("order-complete", args=[order.number])
    return (Step(_("Complete the order"), url, "delivery.follow", needs_why=True),)
