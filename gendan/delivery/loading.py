"""Parcels counted one after the other on their way into the carrier's van."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from gendan.delivery.actions.hand_over import NoWaybill
from gendan.delivery.queries.handovers import to_hand_over
from gendan.people.access import Worker
from gendan.ui.errors import Refused
from gendan.warehouse.guards import refuse_blocked
from gendan.warehouse.models import Shipment, ShipmentQuerySet
from gendan.warehouse.stages import Stage


class WrongParcel(Refused):
    """A parcel does not belong into this van."""


def counted(ids: Sequence[int], worker: Worker) -> list[Shipment]:
    """The counted parcels that still wait to be handed over, the latest first."""
    waiting = to_hand_over(worker).filter(pk__any=list(ids)).select_related("carrier", "warehouse")
    return sorted(waiting, key=lambda parcel: ids.index(parcel.pk), reverse=True)


def not_counted(parcels: Sequence[Shipment], worker: Worker) -> ShipmentQuerySet:
    """What else waits for the carrier of the counted parcels, in the same warehouse."""
    waiting = to_hand_over(worker)
    if not parcels:
        return waiting.none()
    first = parcels[-1]
    mine = waiting.filter(carrier=first.carrier_id, warehouse=first.warehouse_id)
    return mine.exclude(pk__in=[parcel.pk for parcel in parcels])


def refuse_wrong(parcel: Shipment, parcels: Sequence[Shipment]) -> None:
    """Let a parcel go only where those before it go, packed and with a waybill.

    :raises WrongParcel: if it is not packed, or goes with another carrier
    :raises NoWaybill: if it has no carrier or no waybill
    :raises MustNotShip: if something of it may not leave the house
    """
    names = {"number": parcel.number, "stage": parcel.get_stage_display()}
    if parcel.stage != Stage.PACKED:
        raise WrongParcel(_("%(number)s is at “%(stage)s”. Only packed parcels leave.") % names)
    if not (parcel.carrier and parcel.waybill):
        raise NoWaybill(_("Shipment %(number)s has no carrier or waybill number yet.") % names)
    refuse_blocked([parcel.pk])
    if parcels and _way(parcel) != _way(parcels[-1]):
        raise WrongParcel(
            _("%(number)s goes with %(carrier)s from %(warehouse)s. Put it on the other pile.")
            % {**names, "carrier": parcel.carrier, "warehouse": parcel.warehouse}
        )


def _way(parcel: Shipment) -> tuple[int | None, int]:
    return parcel.carrier_id, parcel.warehouse_id
