"""Moves parcels whose carrier says that the way is over: delivered, refused, come back."""

from collections.abc import Sequence

from django.utils import timezone

from gendan.delivery.arrival import DELIVERED_AT
from gendan.delivery.models import TraceState
from gendan.delivery.queries.alarms import SUBJECT
from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.warehouse.models import Shipment, ShipmentQuerySet
from gendan.warehouse.move import move
from gendan.warehouse.stages import Stage
from gendan.worklist.actions import NewItem, open_items
from gendan.worklist.models import Kind

SAID: dict[Stage, tuple[str, tuple[TraceState, ...]]] = {
    Stage.DELIVERED: ("shipment.delivered", (TraceState.SIGNED,)),
    Stage.REFUSED: ("shipment.refused", (TraceState.REFUSED, TraceState.RETURNING)),
    Stage.RETURNED: ("shipment.returned", (TraceState.RETURNED,)),
}


def arrive(shipment_ids: Sequence[int], *, by: Actor) -> None:
    """Let the stages of these parcels follow what their carriers said last.

    Where a colleague or the customer was faster, their word stands and the trace is only noted.
    """
    told = Shipment.objects.numbered(shipment_ids)
    list(told.order_by("pk").select_for_update(no_key=True).values_list("pk"))
    for stage, (verb, states) in SAID.items():
        _follow(told, stage, verb, states, by)


def _follow(
    told: ShipmentQuerySet, stage: Stage, verb: str, states: Sequence[str], by: Actor
) -> None:
    there = told.ready_for(stage).filter(subscriptions__last_state__in=states)
    ids = list(there.values_list("pk", flat=True))
    if not ids:
        return
    with entry(verb, by=by):
        if stage == Stage.DELIVERED:
            move(Shipment.objects.numbered(ids), stage, delivered_at=DELIVERED_AT)
        else:
            _let_wait(move(Shipment.objects.numbered(ids), stage), stage, by)


def _let_wait(shipments: ShipmentQuerySet, stage: Stage, by: Actor) -> None:
    items = [
        NewItem(
            kind=Kind.REFUSED,
            subject=SUBJECT,
            subject_id=shipment.pk,
            detail=shipment.waybill,
            facts={"number": shipment.number},
            shop_id=shipment.shop_id,
            warehouse_id=shipment.warehouse_id,
        )
        for shipment in shipments
    ]
    open_items(items, by=by, now=timezone.now())
