"""Gives shipments to another carrier than the one that planning chose."""

from django.utils.translation import gettext as _

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.ui.errors import Refused
from gendan.warehouse.models import Carrier, Shipment, ShipmentQuerySet
from gendan.warehouse.move import move, refuse_unless
from gendan.warehouse.queries.ready import IN_THE_HOUSE
from gendan.warehouse.stages import Stage

NAMED = 10  # waybills that an entry names; the change of each shipment names its own


class CarrierNotUsed(Refused):
    """The carrier is switched off."""


def choose_carrier(
    shipments: ShipmentQuerySet, carrier: Carrier, *, by: Actor, why: str = ""
) -> ShipmentQuerySet:
    """Give shipments in the house to a carrier; return those that were another's.

    They give up their waybills, since a number belongs to its carrier. A wave is of one carrier,
    so what is not fetched yet leaves its wave; a parcel already in its basket stays there.

    :raises CarrierNotUsed: if the carrier is switched off
    :raises WrongStage: if any of the shipments has left the house
    """
    if not carrier.is_active:
        raise CarrierNotUsed(_("%(name)s is not used. Choose another carrier.") % {"name": carrier})
    with entry("shipment.carrier_chosen", by=by, why=why, carrier=carrier.name):
        ids = refuse_unless(shipments, *IN_THE_HOUSE)
        others = Shipment.objects.numbered(ids).exclude(carrier=carrier)
        changed = Shipment.objects.numbered(list(others.values_list("pk", flat=True)))
        waiting = move(changed.filter(stage=Stage.RELEASED), Stage.PLANNED, out_of=Stage.RELEASED)
        waiting.update(wave=None, wave_position=None)
        give_up_waybills(changed, by=by)
        changed.update(carrier=carrier)
    return changed


def give_up_waybills(shipments: ShipmentQuerySet, *, by: Actor) -> None:
    """Take their numbers from the shipments, inside a surrounding act; they are not used again."""
    labelled = shipments.exclude(waybill="")
    numbers = list(labelled.order_by("pk").values_list("waybill", flat=True))
    if numbers:
        named = ", ".join(numbers[:NAMED]) + (" …" if len(numbers) > NAMED else "")
        with entry("waybill.given_up", by=by, waybills=named):
            labelled.update(waybill="")
