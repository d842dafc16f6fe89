"""What the last parcels and orders would have been given today."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from gendan.orders.models import Order
from gendan.orders.stages import Stage
from gendan.people.access import Worker
from gendan.people.models import Warehouse
from gendan.stock.distances import kilometres
from gendan.stock.queries.sourcing import preferences, stands_in
from gendan.warehouse.models import Carrier, Shipment
from gendan.warehouse.models.carriage import Ground
from gendan.warehouse.queries.carriage import Option, options

LAST = 200


@dataclass(frozen=True)
class Tried:
    """A parcel: who has it, and who would have got it."""

    shipment: Shipment
    now: Carrier | None
    then: Carrier | None
    option: Option | None

    @property
    def ground(self) -> str:
        return str(Ground(self.option.ground).label) if self.option else ""

    @property
    def by_volume(self) -> bool:
        """Whether it would be charged for the room that it takes up."""
        return self.option is not None and self.option.grams > self.shipment.expected_g

    @property
    def differs(self) -> bool:
        return self.now != self.then


@dataclass(frozen=True)
class Placed:
    """An order: from where it was served, what would have been asked first, and how far that is."""

    order: Order
    now: Warehouse | None
    then: Warehouse
    kilometres: int | None

    @property
    def differs(self) -> bool:
        return self.now != self.then


def tried(worker: Worker, *, now: datetime, last: int = LAST) -> list[Tried]:
    """Ask today's rules about the last parcels."""
    seen = Shipment.objects.visible_to(worker).exclude(stage="RECALLED").select_related("carrier")
    shipments = list(seen.order_by("-pk")[:last])
    carriers = Carrier.objects.in_bulk()
    found = options([shipment.pk for shipment in shipments], now=now)
    return [_tried(shipment, found[shipment.pk], carriers) for shipment in shipments]


def _tried(shipment: Shipment, found: Sequence[Option], carriers: dict[int, Carrier]) -> Tried:
    best = found[0] if found else None
    return Tried(shipment, shipment.carrier, carriers[best.carrier_id] if best else None, best)


def placed(worker: Worker, *, now: datetime, last: int = LAST) -> list[Placed]:
    """Ask today's rules about the last orders whose goods are reserved."""
    seen = Order.objects.visible_to(worker).filter(stage=Stage.ALLOCATED)
    orders = list(seen.select_related("warehouse").order_by("-pk")[:last])
    first = Warehouse.objects.filter(is_active=True).order_by("rank", "pk").first()
    found = preferences([order.pk for order in orders], now=now)
    known = Warehouse.objects.in_bulk()
    if first is None:
        return []
    return [_placed(order, known[(found.get(order.pk) or [first.pk])[0]]) for order in orders]


def _placed(order: Order, then: Warehouse) -> Placed:
    away = kilometres(stands_in(then), order.division)
    return Placed(order, order.warehouse, then, None if away is None else round(away))
