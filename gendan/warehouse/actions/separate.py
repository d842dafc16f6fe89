"""Takes a combined shipment apart again: one shipment for each order."""

from datetime import datetime

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.warehouse.actions.split import split
from gendan.warehouse.models import Shipment, ShipmentQuerySet
from gendan.warehouse.move import refuse_unless
from gendan.warehouse.queries.splitting import Way, parts_by
from gendan.warehouse.stages import Stage


def separate(
    shipments: ShipmentQuerySet, *, by: Actor, now: datetime, why: str = ""
) -> ShipmentQuerySet:
    """Give each order of the planned shipments its own; return all of them.

    :raises WrongStage: if any of the shipments is no longer only planned
    """
    with entry("shipment.separated", by=by, why=why):
        ids = refuse_unless(shipments, Stage.PLANNED)
        parts = parts_by(Way.ORDER, Shipment.objects.numbered(ids))
        several = {pk: each for pk, each in parts.items() if len(each) > 1}
        apart = split(several, by=by, now=now, why=why)
        return Shipment.objects.numbered({*ids, *apart.values_list("pk", flat=True)})
