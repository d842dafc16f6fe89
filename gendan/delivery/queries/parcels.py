"""What a provider needs to know of a parcel to tell us its way."""

from collections.abc import Sequence
from dataclasses import dataclass

from gendan.delivery.models import Subscription


@dataclass(frozen=True)
class Parcel:
    """A parcel as carriers know it; `phone` holds the receiver's last four digits, or nothing."""

    shipment_id: int
    carrier: str
    waybill: str
    phone: str
    tries: int


def parcels(shipment_ids: Sequence[int], *, provider: str) -> list[Parcel]:
    """The parcels of these shipments that the provider has a subscription for, by shipment."""
    rows = (
        Subscription.objects.filter(shipment_id__in=shipment_ids, provider=provider)
        .order_by("shipment_id")
        .values_list(
            "shipment_id",
            "shipment__carrier__code",
            "shipment__waybill",
            "shipment__receiver_phone",
            "tries",
        )
    )
    return [
        Parcel(shipment_id, carrier or "", waybill, last_four(phone), tries)
        for shipment_id, carrier, waybill, phone, tries in rows
    ]


def last_four(phone: str) -> str:
    """The last four digits of a phone number, or nothing when it has fewer or is hidden."""
    tail = phone.strip()[-4:]
    return tail if len(tail) == 4 and tail.isdecimal() and tail.isascii() else ""
