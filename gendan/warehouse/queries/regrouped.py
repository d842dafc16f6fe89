"""Where the goods of a combined parcel went, for whoever holds its basket or its paper."""

from django.db.models import Exists, OuterRef

from gendan.warehouse.models import PutBack, RegroupedParcel, Shipment, ShipmentQuerySet
from gendan.warehouse.stages import BEFORE_PACKING, Stage


def gone_into(shipment: Shipment) -> ShipmentQuerySet:
    """Return the parcels that hold the goods of an emptied one; none if they are put back."""
    if PutBack.objects.filter(shipment=shipment).exists():
        return Shipment.objects.none()
    left = RegroupedParcel.objects.filter(shipment=shipment, after={}).order_by("-pk")[:1]
    acts = RegroupedParcel.objects.filter(regrouping__in=left.values("regrouping"))
    return Shipment.objects.filter(
        pk__in=acts.exclude(after={}).values("shipment"), stage__in=BEFORE_PACKING
    ).order_by("pk")


def came_along(shipment: Shipment) -> ShipmentQuerySet:
    """Return the emptied parcels whose baskets hold a part of a picked one's goods."""
    acts = RegroupedParcel.objects.filter(
        shipment=shipment, regrouping__undone_at=None, regrouping__kind="COMBINE"
    )
    left = RegroupedParcel.objects.filter(regrouping__in=acts.values("regrouping"), after={})
    return Shipment.objects.filter(
        ~Exists(PutBack.objects.filter(shipment=OuterRef("pk"))),
        pk__in=left.values("shipment"),
        stage=Stage.RECALLED,
        wave_position__isnull=False,
    ).order_by("pk")
