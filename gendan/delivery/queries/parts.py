"""What travels apart of an order, with its goods and its dates."""

from collections.abc import Sequence
from dataclasses import dataclass

from gendan.delivery.models import PartForecast
from gendan.orders.models import Order
from gendan.orders.page import Rare
from gendan.stock.models import Rest
from gendan.ui.prepared import Given
from gendan.warehouse.models import ShipmentLine

PARTS = Rare(
    lambda: (
        PartForecast.objects.filter(order=Given("order"))
        .select_related("shipment")
        .order_by("shipment")
    )
)


@dataclass(frozen=True)
class Part:
    """A parcel of an order, or what follows later, and how many pieces of which goods it is."""

    forecast: PartForecast
    goods: Sequence[tuple[str, int]]

    @property
    def number(self) -> str:
        """Return the number of the parcel; nothing of what has no parcel yet."""
        return self.forecast.shipment.number if self.forecast.shipment else ""


def parts_of(order: Order) -> list[Part]:
    """Return the parts of an order, the parcels first; none if it travels whole."""
    parts = PARTS.of(order)
    if not parts:
        return []
    goods: dict[int | None, list[tuple[str, int]]] = {}
    packed = ShipmentLine.objects.filter(order=order.pk).order_by("line__position")
    for shipment, title, pieces in packed.values_list("shipment", "line__title", "quantity"):
        goods.setdefault(shipment, []).append((title, pieces))
    rests = Rest.objects.filter(order=order.pk).order_by("line__position")
    goods[None] = list(rests.values_list("line__title", "quantity"))
    return [Part(part, goods.get(part.shipment_id, [])) for part in parts]
