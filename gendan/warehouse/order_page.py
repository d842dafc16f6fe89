"""What this room adds to an order's page: its shipments in the house, and how far they are."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from gendan.orders.models import Order
from gendan.orders.page import Contribution, Milestone, Panel, Step, Turn, contribute
from gendan.orders.stages import Stage as OrderStage
from gendan.people.access import Worker
from gendan.ui.prepared import Given, Prepared
from gendan.warehouse.models import Shipment, ShipmentLine
from gendan.warehouse.queries.ready import IN_THE_HOUSE
from gendan.warehouse.stages import BEFORE_PACKING, Stage

OF_ORDER = ShipmentLine.objects.filter(order=Given("order")).values("shipment")
SHIPMENTS = Prepared(
    lambda: (
        Shipment.objects.filter(pk__in=OF_ORDER)
        .exclude(stage=Stage.RECALLED)
        .select_related("wave", "carrier", "warehouse")
        .order_by("pk")
    )
)


@contribute
def shipments(order: Order, worker: Worker) -> Contribution:
    """Show the order's shipments to whoever may see the warehouse."""
    ours = SHIPMENTS(order=order.pk)
    inside = [shipment for shipment in ours if shipment.stage in IN_THE_HOUSE]
    packed = [shipment.packed_at for shipment in ours if shipment.packed_at]
    all_packed = bool(ours) and len(packed) == len(ours)
    return Contribution(
        panels=_panels(inside) if inside and worker.may("warehouse.see") else (),
        steps=[*map(_step, inside), *_regrouping(order, inside)],
        milestones=(
            Milestone("packed", _("Packed"), max(packed, default=None) if all_packed else None, 60),
        ),
        turns=[
            Turn(shipment.warehouse.name, shipment.get_stage_display(), shipment.stage_since)
            for shipment in inside
        ],
        subjects={"warehouse_shipment": [shipment.pk for shipment in ours]},
    )


def _regrouping(order: Order, inside: list[Shipment]) -> Iterator[Step]:
    """Combining starts from an order, splitting from one of its parcels, before it is packed."""
    movable = [shipment for shipment in inside if shipment.stage in BEFORE_PACKING]
    if order.stage == OrderStage.ALLOCATED and (movable or not inside):
        url = f"{reverse('combine')}?order={order.number}"
        label = _("Combine with others")
        yield Step(label, url, "warehouse.combine", 70, post=False, icon="combine")
    for shipment in movable:
        url, label = reverse("shipment-split", args=[shipment.number]), _("Split the parcel")
        yield Step(label, url, "warehouse.combine", 71, post=False, icon="split")


def _panels(inside: list[Shipment]) -> tuple[Panel, ...]:
    return (Panel("warehouse/_order_shipments.html", {"shipments": inside}, position=29),)


def _step(shipment: Shipment) -> Step:
    url, label = reverse("shipment", args=[shipment.number]), _("Open the shipment")
    if shipment.stage == Stage.PICKED:
        url, label = f"{reverse('pack')}?shipment={shipment.number}", _("Pack")
    elif shipment.wave:
        url, label = reverse("wave", args=[shipment.wave.number]), _("Open the wave")
    return Step(label, url, "warehouse.pack", post=False)
