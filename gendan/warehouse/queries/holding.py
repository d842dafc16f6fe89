"""What is in which parcel."""

from collections.abc import Iterable

from gendan.warehouse.models import ShipmentLine

Holding = dict[int, dict[int, int]]  # pieces by order line, shipment by shipment


def held_by(ids: Iterable[int]) -> Holding:
    """Return the pieces by order line in each of the shipments; nothing where it is empty."""
    holding: Holding = {pk: {} for pk in ids}
    lines = ShipmentLine.objects.filter(shipment__any=list(holding)).order_by("pk")
    for shipment, line, quantity in lines.values_list("shipment", "line", "quantity"):
        holding[shipment][line] = quantity
    return holding
