"""Parcels of one buyer that could be one, for the tests of combining and splitting."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Sum

from conftest import TESTER, OrderMaker
from gendan.warehouse.actions.pick import pick
from gendan.warehouse.actions.plan import plan
from gendan.warehouse.actions.release import release
from gendan.warehouse.models import Shipment, ShipmentQuerySet
from gendan.warehouse.stages import Stage

LIN: dict[str, Any] = {"buyer": "lin", "place_key": "guangzhou-1"}


def two_parcels(make_allocated: OrderMaker, **more: Any) -> ShipmentQuerySet:
    """Return two parcels of one buyer: the first was in a wave when the second was planned."""
    first = plan(make_allocated(1, **{**LIN, **more}), by=TESTER).get()
    release(Shipment.objects.numbered([first.pk]), by=TESTER)
    second = plan(make_allocated(1, **{**LIN, **more}), by=TESTER).get()
    return Shipment.objects.numbered([first.pk, second.pk]).order_by("pk")


def fetched(shipments: ShipmentQuerySet) -> ShipmentQuerySet:
    """Release what is only planned, and let all the goods be fetched."""
    ids = list(shipments.values_list("pk", flat=True))
    chosen = Shipment.objects.numbered(ids)
    planned = list(chosen.filter(stage=Stage.PLANNED).values_list("pk", flat=True))
    release(Shipment.objects.numbered(planned), by=TESTER)
    return pick(chosen, by=TESTER).order_by("pk")


def living() -> Sequence[Any]:
    """Return the stages of the parcels that there are, and how many pieces each holds."""
    standing = Shipment.objects.exclude(stage=Stage.RECALLED)
    return sorted(standing.annotate(goods=Sum("lines__quantity")).values_list("stage", "goods"))
