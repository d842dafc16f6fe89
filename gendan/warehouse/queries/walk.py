"""The walk for a wave's goods, and who goes without when a shelf holds too few."""

from django.db.models import QuerySet
from django.utils import timezone

from gendan.warehouse.models import ShipmentLine, ShipmentQuerySet, Wave
from gendan.warehouse.paper.documents import PickList
from gendan.warehouse.queries.papers import pick_list
from gendan.warehouse.queries.waves import members
from gendan.warehouse.stages import Stage


def to_fetch(wave: Wave) -> ShipmentQuerySet:
    """The shipments of the wave whose goods are still on the shelves."""
    return members(wave).filter(stage=Stage.RELEASED)


def walk(wave: Wave) -> PickList:
    """What is to be fetched, in walking order."""
    return pick_list(wave, to_fetch(wave), now=timezone.now())


def going_without(wave: Wave, code: str, found: int) -> QuerySet[ShipmentLine]:
    """The lines of some goods that get none, if so many pieces were found.

    The urgent are served first, then the first baskets; a line is served whole or not at all.
    """
    lines = ShipmentLine.objects.filter(shipment__in=to_fetch(wave), sku__code=code)
    lacking = []
    for line in lines.order_by("-shipment__priority", "shipment__wave_position", "pk"):
        if line.quantity <= found:
            found -= line.quantity
        else:
            lacking.append(line.pk)
    return ShipmentLine.objects.filter(pk__in=lacking)
