"""Moves parcels whose carrier says that the way is over: delivered, refused, come back."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.utils import timezone

from gendan.delivery.arrival import DELIVERED_AT
from gendan.delivery.models import Subscription, TraceState
from gendan.delivery.queries.alarms import SUBJECT
from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.warehouse.models import Shipment, ShipmentQuerySet
from gendan.warehouse.move import move
from gendan.warehouse.stages import COMES_FROM, Stage
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
    told = Shipment.objects.numbered(shipment_ids).order_by("pk").select_for_update(no_key=True)
    stands = dict(told.values_list("pk", "stage"))
    said = _said(shipment_ids)
    for stage, (verb, states) in SAID.items():
        ids = [
            pk
            for pk, now in stands.items()
            if now in COMES_FROM[stage] and not said[pk].isdisjoint(states)
        ]
        _follow(ids, stage, verb, by)
        stands |= dict.fromkeys(ids, stage)


def _said(ids: Sequence[int]) -> Mapping[int, set[str]]:
    """What the carriers said last of each parcel."""
    said: dict[int, set[str]] = defaultdict(set)
    known = Subscription.objects.filter(shipment__any=ids)
    for pk, state in known.values_list("shipment", "last_state"):
        said[pk].add(state)
    return said


def _follow(ids: Sequence[int], stage: Stage, verb: str, by: Actor) -> None:
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
