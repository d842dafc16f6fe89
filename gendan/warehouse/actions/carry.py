"""Choosing who carries parcels, and the next one when a carrier refuses."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.ui.errors import Refused
from gendan.warehouse.actions.choose_carrier import choose_carrier
from gendan.warehouse.models import Carrier, Shipment, ShipmentQuerySet
from gendan.warehouse.models.carriage import Carriage, Refusal
from gendan.warehouse.move import refuse_unless
from gendan.warehouse.queries.carriage import Option, chooses, options
from gendan.warehouse.queries.ready import IN_THE_HOUSE
from gendan.worklist.actions import NewItem, close_items, open_items
from gendan.worklist.models import Item, Kind

TAKE = """
UPDATE warehouse_shipment s SET carrier_id = n.carrier_id
FROM unnest(%s::bigint[], %s::bigint[]) AS n (id, carrier_id)
WHERE s.id = n.id AND s.carrier_id IS DISTINCT FROM n.carrier_id
"""
CHOSEN = (
    *("carrier", "ground", "rule", "fee_fen", "charged_g", "percent"),
    *("hours", "others", "chosen_at"),
)
NAMED = 3  # so many of those who would be next are kept


class NobodyRefused(Refused):
    """There is no carrier that could have refused, or no reason was given."""


def carry(shipments: Sequence[int], *, by: Actor, now: datetime) -> None:
    """Choose carriers for shipments that were just planned, as a part of the act that plans them.

    Where the house has not said how, they stay with the preferred one. A shipment that no carrier
    serves has none, and waits for a person.
    """
    if not shipments or not chooses():
        return
    found = options(shipments, now=now)
    best = {pk: each[0] for pk, each in found.items() if each}
    with connection.cursor() as cursor:
        ids = sorted(found)
        carriers = [best[pk].carrier_id if pk in best else None for pk in ids]
        cursor.execute(TAKE, [ids, carriers])
    _remember(found, now)
    _ask_for([pk for pk in found if pk not in best], by=by, now=now)


def refuse(shipments: ShipmentQuerySet, *, by: Actor, now: datetime, why: str) -> ShipmentQuerySet:
    """Say that their carriers did not take the shipments; the next choice takes them.

    :raises NobodyRefused: without a reason, or if one has no carrier
    :raises WrongStage: if any of them has left the house
    """
    if not why.strip():
        raise NobodyRefused(_("Say why the carrier did not take it."))
    with entry("shipment.refused_by_carrier", by=by, why=why):
        ids = refuse_unless(shipments, *IN_THE_HOUSE)
        chosen = Shipment.objects.numbered(ids)
        if chosen.filter(carrier=None).exists():
            raise NobodyRefused(_("A shipment without a carrier can't have been refused."))
        Refusal.objects.bulk_create(
            (
                Refusal(shipment_id=pk, carrier_id=carrier, why=why[:200], at=now)
                for pk, carrier in chosen.order_by("pk").values_list("pk", "carrier")
                if carrier
            ),
            ignore_conflicts=True,
        )
        _next(options(ids, now=now), by=by, now=now, why=why)
    return Shipment.objects.numbered(ids)


def _next(found: dict[int, list[Option]], *, by: Actor, now: datetime, why: str) -> None:
    """Give each shipment to its next choice; whoever has none waits for a person."""
    by_carrier: dict[int, list[int]] = defaultdict(list)
    for pk, each in found.items():
        if each:
            by_carrier[each[0].carrier_id].append(pk)
    carriers = Carrier.objects.in_bulk(by_carrier)
    for carrier, ids in sorted(by_carrier.items()):
        choose_carrier(Shipment.objects.numbered(ids), carriers[carrier], by=by, why=why)
    _remember(found, now)
    _ask_for([pk for pk, each in found.items() if not each], by=by, now=now)


def _remember(found: dict[int, list[Option]], now: datetime) -> None:
    Carriage.objects.bulk_create(
        (_carriage(each, now) for each in found.values() if each),
        update_conflicts=True,
        unique_fields=["shipment"],
        update_fields=[*CHOSEN],
    )


def _carriage(each: Sequence[Option], now: datetime) -> Carriage:
    best, *others = each
    return Carriage(
        shipment_id=best.shipment_id,
        carrier_id=best.carrier_id,
        ground=best.ground,
        rule_id=best.rule_id,
        fee_fen=best.fee_fen,
        charged_g=best.grams,
        percent=best.percent,
        hours=best.hours,
        others=[
            {"carrier": other.carrier_id, "fee_fen": other.fee_fen, "hours": other.hours}
            for other in others[:NAMED]
        ],
        chosen_at=now,
    )


def _ask_for(ids: Iterable[int], *, by: Actor, now: datetime) -> None:
    rows = Shipment.objects.numbered(ids).order_by("pk")
    items = [
        NewItem(
            Kind.SOURCING,
            "shipment",
            row.pk,
            facts={"number": row.number, "place": f"{row.province}{row.city}{row.district}"},
            shop_id=row.shop_id,
            warehouse_id=row.warehouse_id,
            priority=row.priority,
        )
        for row in rows
    ]
    open_items(items, by=by, now=now)


def settle(*, by: Actor, now: datetime) -> int:
    """Close what waited for a carrier and has one by now, or is over; return how many."""
    waiting = Item.objects.open().filter(kind=Kind.SOURCING, subject="shipment")
    ids = list(waiting.values_list("subject_id", flat=True))
    served = Shipment.objects.numbered(ids).exclude(carrier=None, stage__in=IN_THE_HOUSE)
    done = list(served.values_list("pk", flat=True))
    if not done:
        return 0
    return close_items([Kind.SOURCING], "shipment", done, by=by, now=now, why=_("it has a carrier"))
