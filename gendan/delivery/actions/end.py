"""A person ends the way of parcels whose carrier does not."""

from gendan.delivery.arrival import DELIVERED_AT
from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.warehouse.models import ShipmentQuerySet
from gendan.warehouse.move import move
from gendan.warehouse.stages import Stage


def deliver(shipments: ShipmentQuerySet, *, by: Actor, why: str) -> ShipmentQuerySet:
    """Take a colleague's word that parcels have arrived.

    :raises WrongStage: if any of them is not on its way
    """
    with entry("shipment.delivered", by=by, why=why):
        return move(shipments, Stage.DELIVERED, delivered_at=DELIVERED_AT)


def lose(shipments: ShipmentQuerySet, *, by: Actor, why: str) -> ShipmentQuerySet:
    """Give parcels up as lost.

    :raises WrongStage: if any of them is not on its way
    """
    with entry("shipment.lost", by=by, why=why):
        return move(shipments, Stage.LOST)
