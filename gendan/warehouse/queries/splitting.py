"""How a shipment could be split: which pieces go into which parcel."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from gendan.warehouse.models import ShipmentLine, ShipmentQuerySet
from gendan.warehouse.weighing import PACKAGING_G

DEFAULT_LIMIT_G = 3000
Parts = list[dict[int, int]]  # pieces by order line, parcel by parcel


class Way(TextChoices):
    """By what a shipment is split; chosen quantities need no way."""

    ORDER = "ORDER", _("Each order by itself")
    FRAGILE = "FRAGILE", _("Fragile goods apart")
    WEIGHT = "WEIGHT", _("By weight")
    DATE = "DATE", _("By the day they are wanted")
    GOODS = "GOODS", _("Each article by itself")


def parts_by(
    way: str, shipments: ShipmentQuerySet, *, limit_g: int = DEFAULT_LIMIT_G
) -> dict[int, Parts]:
    """Return the parcels into which each of the shipments would fall; one alone: nothing to split.

    `limit_g` is the most that a parcel may weigh with its packaging, where the way is by weight. A
    single piece that is heavier has a parcel of its own.
    """
    lines: dict[int, list[ShipmentLine]] = defaultdict(list)
    found = ShipmentLine.objects.filter(shipment__in=shipments.values("pk"))
    for line in found.select_related("sku", "order").order_by("order", "line"):
        lines[line.shipment_id].append(line)
    return {
        pk: _by_weight(ours, limit_g - PACKAGING_G) if way == Way.WEIGHT else _by(way, ours)
        for pk, ours in lines.items()
    }


KEYS: Mapping[str, Callable[[ShipmentLine], Any]] = {
    Way.ORDER: lambda line: line.order_id,
    Way.FRAGILE: lambda line: line.sku.is_fragile,
    Way.DATE: lambda line: str(line.order.wish_on or ""),
    Way.GOODS: lambda line: line.sku_id,
}


def _by(way: str, lines: Iterable[ShipmentLine]) -> Parts:
    parts: dict[Any, dict[int, int]] = defaultdict(dict)
    for line in lines:
        parts[KEYS[way](line)][line.line_id] = line.quantity
    return [parts[key] for key in sorted(parts)]


def _by_weight(lines: Sequence[ShipmentLine], room_g: int) -> Parts:
    """Lay piece after piece, the heaviest first, into the first parcel that still has room."""
    parts: Parts = []
    free: list[int] = []
    for line in sorted(lines, key=lambda line: -line.sku.weight_g):
        for _piece in range(line.quantity):
            place = next((n for n, left in enumerate(free) if left >= line.sku.weight_g), None)
            if place is None:
                place = len(parts)
                parts.append({})
                free.append(room_g)
            free[place] -= line.sku.weight_g
            parts[place][line.line_id] = parts[place].get(line.line_id, 0) + 1
    return parts
