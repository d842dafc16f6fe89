"""The lists that drivers sign."""

from django.utils import timezone

from gendan.delivery.models import Handover
from gendan.people.access import Worker
from gendan.ui.wording import masked_name
from gendan.warehouse.models import Shipment, ShipmentQuerySet
from gendan.warehouse.paper.documents import HandOverList, HandOverRow
from gendan.warehouse.stages import Stage


def to_hand_over(worker: Worker) -> ShipmentQuerySet:
    """Packed shipments that wait for their carrier."""
    return Shipment.objects.visible_to(worker).filter(stage=Stage.PACKED)


def latest(worker: Worker, number: int = 8) -> list[Handover]:
    """The last lists of the warehouses that the worker sees."""
    seen = Handover.objects.visible_to(worker).select_related("carrier", "warehouse", "handed_by")
    return list(seen.order_by("-pk")[:number])


def paper_of(handover: Handover) -> HandOverList:
    """The list as it is printed."""
    parcels = handover.shipments.order_by("waybill")
    return HandOverList(
        number=handover.number,
        carrier=handover.carrier.name,
        warehouse=handover.warehouse.name,
        printed_at=timezone.localtime(handover.at),
        rows=tuple(map(_row, parcels)),
    )


def _row(parcel: Shipment) -> HandOverRow:
    return HandOverRow(
        waybill=parcel.waybill,
        shipment=parcel.number,
        receiver=masked_name(parcel.receiver_name),
        region=f"{parcel.province} {parcel.city}",
        pieces=parcel.pieces,
        weight_g=parcel.weight_g or parcel.expected_g,
    )
