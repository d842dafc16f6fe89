"""What this room adds to an order's page: its shipments in the house, and how far they are."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gendan.orders.models import Order
from gendan.orders.page import Contribution, Milestone, Panel, Rare, Step, Turn, contribute
from gendan.orders.stages import Stage as OrderStage
from gendan.people.access import Worker
from gendan.stock.models import Rest
from gendan.ui.prepared import Given, Prepared
from gendan.warehouse.combining import page_of_orders
from gendan.warehouse.models import Shipment, ShipmentLine
from gendan.warehouse.queries.company import ON_ITS_WAY
from gendan.warehouse.queries.missed_gifts import missed_gifts
from gendan.warehouse.queries.ready import IN_THE_HOUSE
from gendan.warehouse.queries.suggested import suggested_for
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

ALONG = Rare(
    lambda: ShipmentLine.objects.filter(shipment__in=OF_ORDER).exclude(order=Given("order"))
)
RESTS = Rare(lambda: Rest.objects.filter(order=Given("order")))


@contribute
def shipments(order: Order, worker: Worker) -> Contribution:
    """Show the order's shipments to whoever may see the warehouse."""
    ours = SHIPMENTS(order=order.pk)
    inside = [shipment for shipment in ours if shipment.stage in IN_THE_HOUSE]
    packed = [shipment.packed_at for shipment in ours if shipment.packed_at]
    all_packed = bool(ours) and len(packed) == len(ours)
    return Contribution(
        panels=[
            *(_panels(inside) if inside and worker.may("warehouse.see") else ()),
            *_company(order, worker),
            *_gifts(order, inside),
        ],
        steps=[*map(_step, inside), *_regrouping(order, inside), *_by_stock(order, ours)],
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


def _company(order: Order, worker: Worker) -> Iterator[Panel]:
    """What the order could share a parcel with, as long as somebody has to decide about it."""
    if order.stage not in (*ON_ITS_WAY, OrderStage.ALLOCATED):
        return
    company = [
        {
            "is_planned": one.is_planned,
            "what": one.what,
            "others": ", ".join(number for number in one.orders if number != order.number),
            "page": page_of_orders(one.orders),
        }
        for one in suggested_for(order.number)
    ]
    if company:
        context = {"company": company, "may_combine": worker.may("warehouse.combine")}
        yield Panel("warehouse/_order_company.html", context, 3)


def _gifts(order: Order, inside: list[Shipment]) -> Iterator[Panel]:
    """What it earned with whom it shares parcels, and nobody got."""
    travels = inside and ALONG.of(order)
    missed = missed_gifts([order.pk], now=timezone.now()) if travels else []
    if missed:
        yield Panel("warehouse/_order_missed_gifts.html", {"missed": missed}, 4)


def _by_stock(order: Order, ours: list[Shipment]) -> Iterator[Step]:
    """A short order is sent in part; until something of it is packed, that is undone."""
    if order.stage == OrderStage.SHORT:
        url, label = reverse("order-split", args=[order.number]), _("Split: send what is there")
        yield Step(label, url, "warehouse.combine", 72, post=False, icon="split")
    elif ours and all(one.stage in BEFORE_PACKING for one in ours) and RESTS.of(order):
        url, label = reverse("order-together", args=[order.number]), _("Send it all together")
        yield Step(label, url, "warehouse.combine", 72, needs_why=True, icon="undo")


def _panels(inside: list[Shipment]) -> tuple[Panel, ...]:
    return (Panel("warehouse/_order_shipments.html", {"shipments": inside}, position=29),)


def _step(shipment: Shipment) -> Step:
    url, label = reverse("shipment", args=[shipment.number]), _("Open the shipment")
    if shipment.stage == Stage.PICKED:
        url, label = f"{reverse('pack')}?shipment={shipment.number}", _("Pack")
    elif shipment.wave:
        url, label = reverse("wave", args=[shipment.wave.number]), _("Open the wave")
    return Step(label, url, "warehouse.pack", post=False)
