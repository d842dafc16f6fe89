"""Splits shipments into several parcels, by hand, before they are packed."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.ui.errors import Refused
from gendan.warehouse.actions.regroup import regroup
from gendan.warehouse.models import RegroupingKind, Shipment, ShipmentQuerySet
from gendan.warehouse.queries.splitting import DEFAULT_LIMIT_G, parts_by
from gendan.warehouse.refill import Filling, Group, Pieces


class NothingToSplit(Refused):
    """All the goods would stay in one parcel."""


def split(
    parts: Mapping[int, Sequence[Pieces]],
    *,
    by: Actor,
    now: datetime,
    why: str = "",
    houses: Mapping[tuple[int, int], int] | None = None,
) -> ShipmentQuerySet:
    """Give each part of the shipments a parcel of its own; return all the parcels.

    `parts` says for each shipment (by its key) which pieces of which order lines go together; the
    first part stays where it is. `houses` names the warehouse from which a part (shipment, place
    among its parts) is sent instead.

    :raises NotEnoughStock: if that warehouse has too few pieces that are free
    :raises NothingToSplit: if one of the shipments would stay as it is
    :raises AlreadyMoved: if the parts are not exactly what the shipments hold
    :raises WrongStage: if any of the shipments is packed already
    """
    filled = {
        pk: [
            _filling(pk, n, part, houses or {}) for n, part in enumerate(each) if any(part.values())
        ]
        for pk, each in parts.items()
    }
    with entry("shipment.split", by=by, why=why, count=len(filled)):
        _refuse_whole(filled)
        groups = [_group(pk, each) for pk, each in sorted(filled.items())]
        return regroup(groups, RegroupingKind.SPLIT, by=by, now=now, why=why)


def split_by(
    way: str,
    shipments: ShipmentQuerySet,
    *,
    by: Actor,
    now: datetime,
    why: str = "",
    limit_g: int = DEFAULT_LIMIT_G,
) -> ShipmentQuerySet:
    """Split the shipments in one way (`Way`); return all the parcels.

    :raises NothingToSplit: if one of the shipments would stay as it is
    :raises WrongStage: if any of the shipments is packed already
    """
    return split(parts_by(way, shipments, limit_g=limit_g), by=by, now=now, why=why)


def _filling(
    shipment_id: int, place: int, part: Pieces, houses: Mapping[tuple[int, int], int]
) -> Filling:
    pieces = {line: number for line, number in part.items() if number}
    return Filling(pieces, like_id=shipment_id, warehouse_id=houses.get((shipment_id, place)))


def _refuse_whole(parts: Mapping[int, Sequence[Filling]]) -> None:
    whole = next((pk for pk, each in sorted(parts.items()) if len(each) < 2), None)
    if whole is not None:
        number = Shipment.objects.values_list("number", flat=True).get(pk=whole)
        raise NothingToSplit(
            _("All of %(number)s would stay in one parcel. Choose what goes apart.")
            % {"number": number}
        )


def _group(shipment_id: int, parts: Sequence[Filling]) -> Group:
    first, *others = parts
    return Group([shipment_id], [Filling(first.pieces, shipment_id), *others])
