"""What the last parcels would have been given today, and how well standards are kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from gendan.orders.models import Order
from gendan.orders.stages import Stage
from gendan.people.access import Worker
from gendan.people.models import Warehouse
from gendan.stock.distances import kilometres
from gendan.stock.queries.sourcing import preferences
from gendan.warehouse.models import Carrier, Shipment
from gendan.warehouse.models.carriage import Ground, Standard
from gendan.warehouse.queries.carriage import STANDARD, Option, options

LAST = 200

KEPT = """
SELECT s.province,
  count(*) FILTER (WHERE s.delivered_at <= s.shipped_at + z.arrive_hours * interval '1 hour'),
  count(*), percentile_cont(0.5) WITHIN GROUP (
    ORDER BY extract(epoch FROM s.delivered_at - s.shipped_at) / 3600)
FROM warehouse_shipment s
CROSS JOIN LATERAL {standard} z
WHERE s.delivered_at > %s - interval '30 days' AND s.delivered_at <= %s
GROUP BY s.province ORDER BY count(*) DESC, s.province
""".replace("{standard}", STANDARD.format(carrier="s.carrier_id", province="s.province"))


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


@dataclass(frozen=True)
class Kept:
    """How many parcels to a province arrived within its standard, of those of the last 30 days."""

    province: str
    in_time: int
    parcels: int
    median_hours: float

    @property
    def percent(self) -> int:
        return round(100 * self.in_time / self.parcels)


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
    away = kilometres(then.division, order.division)
    return Placed(order, order.warehouse, then, None if away is None else round(away))


def kept(*, now: datetime) -> list[Kept]:
    """Return how well the standards of regions were kept; nothing without standards."""
    if not Standard.objects.exists():
        return []
    with connection.cursor() as cursor:
        cursor.execute(KEPT, [now, now])
        return [Kept(*row) for row in cursor.fetchall()]
