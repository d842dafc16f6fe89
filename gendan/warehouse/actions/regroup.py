"""Moves goods between parcels, so that no piece is lost or doubled, and back again."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.people.models import Person
from gendan.stock.actions.promise_elsewhere import promise_elsewhere
from gendan.ui.errors import Refused
from gendan.warehouse.actions.choose_carrier import give_up_waybills
from gendan.warehouse.contents import add_up, forget_checks
from gendan.warehouse.models import (
    RegroupedParcel,
    Regrouping,
    RegroupingKind,
    RegroupingQuerySet,
    Shipment,
    ShipmentQuerySet,
)
from gendan.warehouse.move import move, refuse_unless
from gendan.warehouse.queries.holding import Holding, held_by
from gendan.warehouse.stages import BEFORE_PICKING, Stage

Pieces = Mapping[int, int]  # by order line
NUMBERS = """
SELECT nextval(pg_get_serial_sequence('warehouse_shipment', 'id')) FROM generate_series(1, %s)
"""
# New parcels come after their goods: the foreign key is looked at in the end.
FILL = """
WITH wanted AS MATERIALIZED (
  SELECT * FROM unnest(%(shipments)s::bigint[], %(lines)s::bigint[], %(pieces)s::int[])
    AS w (shipment_id, line_id, quantity)
), held AS MATERIALIZED (
  SELECT id, shipment_id, line_id, quantity FROM warehouse_shipmentline
  WHERE shipment_id = ANY(%(ids)s)
), gone AS (
  DELETE FROM warehouse_shipmentline WHERE id IN (
    SELECT h.id FROM held h LEFT JOIN wanted w USING (shipment_id, line_id)
    WHERE w.quantity IS NULL)
), changed AS (
  UPDATE warehouse_shipmentline sl SET quantity = w.quantity
  FROM held h JOIN wanted w USING (shipment_id, line_id)
  WHERE sl.id = h.id AND h.quantity <> w.quantity
), filled AS (
  INSERT INTO warehouse_shipmentline (shipment_id, order_id, line_id, sku_id, quantity, verified)
  SELECT w.shipment_id, l.order_id, w.line_id, l.sku_id, w.quantity, 0
  FROM wanted w JOIN orders_line l ON l.id = w.line_id
  LEFT JOIN held h USING (shipment_id, line_id)
  WHERE h.id IS NULL ORDER BY w.shipment_id, w.line_id
)
INSERT INTO warehouse_shipment (id, warehouse_id, shop_id, customer_id, buyer, place_key, stage,
  carrier_id, waybill, priority, pieces, kinds, hides_prices, cod_fen, expected_g, weight_why,
  receiver_name, receiver_phone, province, city, district, street, address, division, zip)
SELECT n.id, n.warehouse_id, s.shop_id, s.customer_id, s.buyer, s.place_key, 'PLANNED',
  s.carrier_id, '', s.priority, 0, 0, s.hides_prices, 0, 0, '', s.receiver_name,
  s.receiver_phone, s.province, s.city, s.district, s.street, s.address, s.division, s.zip
FROM unnest(%(new)s::bigint[], %(like)s::bigint[], %(places)s::bigint[])
  AS n (id, like_id, warehouse_id)
JOIN warehouse_shipment s ON s.id = n.like_id ORDER BY n.id
"""


class AlreadyMoved(Refused):
    """What the parcels hold is no longer what somebody saw."""


@dataclass(frozen=True)
class Filling:
    """What a parcel is to hold. One without a shipment is new, and goes where another goes.

    It leaves the same house as the other, unless a warehouse is named.
    """

    pieces: Pieces
    shipment_id: int | None = None
    like_id: int | None = None
    warehouse_id: int | None = None


@dataclass(frozen=True)
class Group:
    """Parcels between which goods move: those there are, and what there shall be."""

    sources: Sequence[int]
    fillings: Sequence[Filling]


def regroup(
    groups: Sequence[Group], kind: RegroupingKind, *, by: Actor, why: str
) -> ShipmentQuerySet:
    """Move goods between parcels as a part of an act; return the parcels that hold them now.

    Parcels in a wave step back out of it and give up their waybills: a paper printed before says
    what is no longer true. A parcel left without goods is recalled.

    Pieces that change the house are promised there instead.

    :raises WrongStage: if any of the parcels is picked already
    :raises AlreadyMoved: if they do not hold exactly the pieces that are to be moved
    :raises NotEnoughStock: if the other house has too few pieces that are free
    """
    if not groups:
        return Shipment.objects.none()
    before, standing = _move(groups, by=by)
    _record(groups, before, standing, kind, by=by, why=why)
    return Shipment.objects.numbered(pk for parcels in standing for pk in parcels)


def undo(regroupings: RegroupingQuerySet, *, by: Actor, now: datetime, why: str = "") -> int:
    """Put the goods back into parcels as they were before; return how many were undone.

    :raises AlreadyMoved: if a parcel holds something else by now, or it was undone before
    :raises WrongStage: if any of the parcels is picked already
    """
    ids = sorted(set(regroupings.values_list("pk", flat=True)))
    with entry("shipment.regrouping_undone", by=by, why=why, count=len(ids)):
        locked = Regrouping.objects.standing().filter(pk__any=ids).order_by("pk")
        if [row.pk for row in locked.select_for_update(no_key=True)] != ids:
            raise AlreadyMoved(_("This was undone already. Load the page again."))
        if groups := [_backwards(parcels) for parcels in _parcels_of(ids).values()]:
            _move(groups, by=by)
        Regrouping.objects.filter(pk__any=ids).update(undone_at=now)
    return len(ids)


def _parcels_of(ids: Sequence[int]) -> dict[int, list[RegroupedParcel]]:
    by_act: dict[int, list[RegroupedParcel]] = defaultdict(list)
    for parcel in RegroupedParcel.objects.filter(regrouping__in=ids).order_by("pk"):
        by_act[parcel.regrouping_id].append(parcel)
    return by_act


def _backwards(parcels: Sequence[RegroupedParcel]) -> Group:
    """What was emptied then was recalled; its goods go back into a new parcel like the others."""
    holding = [parcel.shipment_id for parcel in parcels if parcel.after]
    return Group(
        holding,
        [
            Filling(
                {int(line): number for line, number in parcel.before.items()},
                parcel.shipment_id if parcel.after else None,
                holding[0],
            )
            for parcel in parcels
            if parcel.before
        ],
    )


Houses = Mapping[int, int]  # the warehouse of each shipment


def _move(groups: Sequence[Group], *, by: Actor) -> tuple[Holding, list[list[int]]]:
    """Move the goods; return what the sources held before, and each group's parcels in order."""
    sources = {pk for group in groups for pk in group.sources}
    ids = refuse_unless(Shipment.objects.numbered(sources), *BEFORE_PICKING)
    holding = held_by(ids)
    for group in groups:
        _refuse_unless_the_same(group, holding)
    step_back(ids, by=by)
    houses = dict(Shipment.objects.numbered(ids).values_list("pk", "warehouse"))
    promise_elsewhere(_moves(groups, holding, houses), by=by)
    standing = _fill(groups, ids, houses)
    kept = {pk for parcels in standing for pk in parcels}
    add_up(sorted(kept | set(ids)))
    move(Shipment.objects.numbered(set(ids) - kept), Stage.RECALLED)
    return holding, standing


def step_back(ids: Sequence[int], *, by: Actor) -> None:
    """Take shipments out of their waves and their waybills from them, inside a surrounding act."""
    chosen = Shipment.objects.numbered(ids)
    in_waves = list(chosen.filter(stage=Stage.RELEASED).values_list("pk", flat=True))
    moved = move(Shipment.objects.numbered(in_waves), Stage.PLANNED, out_of=Stage.RELEASED)
    moved.update(wave=None, wave_position=None)
    forget_checks(ids)
    give_up_waybills(chosen, by=by)


def _refuse_unless_the_same(group: Group, holding: Holding) -> None:
    """No piece may be lost or doubled: what is to be held is what is held, line by line."""
    held: Counter[int] = Counter()
    for pk in group.sources:
        held.update(holding[pk])
    wanted: Counter[int] = Counter()
    for filling in group.fillings:
        wanted.update(filling.pieces)
    numbers = [number for filling in group.fillings for number in filling.pieces.values()]
    is_empty = any(not filling.pieces for filling in group.fillings)
    if held != wanted or is_empty or min(numbers, default=0) < 1:
        raise AlreadyMoved(
            _("The parcels hold something else by now. Load the page again and look once more.")
        )


def _moves(groups: Sequence[Group], holding: Holding, houses: Houses) -> Counter[tuple[int, int]]:
    """Return by how many pieces of each line each house has more or less afterwards."""
    more: Counter[tuple[int, int]] = Counter()
    for group in groups:
        for pk in group.sources:
            for line, number in holding[pk].items():
                more[line, houses[pk]] -= number
        for filling in group.fillings:
            for line, number in filling.pieces.items():
                more[line, _house(filling, houses)] += number
    return Counter({place: number for place, number in more.items() if number})


def _house(filling: Filling, houses: Houses) -> int:
    return filling.warehouse_id or houses[filling.shipment_id or filling.like_id or 0]


def _fill(groups: Sequence[Group], ids: Sequence[int], houses: Houses) -> list[list[int]]:
    fillings = [filling for group in groups for filling in group.fillings]
    new = [filling for filling in fillings if filling.shipment_id is None]
    with connection.cursor() as cursor:
        cursor.execute(NUMBERS, [len(new)])
        fresh = [row[0] for row in cursor.fetchall()]
        numbers = iter(fresh)
        standing = [[f.shipment_id or next(numbers) for f in group.fillings] for group in groups]
        flat = [pk for parcels in standing for pk in parcels]
        rows = [
            (pk, line, number)
            for pk, filling in zip(flat, fillings, strict=True)
            for line, number in filling.pieces.items()
        ]
        shipments, lines, pieces = zip(*rows, strict=True)
        values = {"shipments": list(shipments), "lines": list(lines), "pieces": list(pieces)}
        like = [filling.like_id for filling in new]
        places = [_house(filling, houses) for filling in new]
        made = {"new": fresh, "like": like, "places": places}
        cursor.execute(FILL, {**values, **made, "ids": list(ids)})
    return standing


def _record(
    groups: Sequence[Group],
    before: Holding,
    standing: Sequence[Sequence[int]],
    kind: RegroupingKind,
    *,
    by: Actor,
    why: str,
) -> None:
    person = by if isinstance(by, Person) else None
    acts = Regrouping.objects.bulk_create(
        Regrouping(kind=kind, made_by=person, why=why[:200]) for _group in groups
    )
    rows = []
    for act, group, parcels in zip(acts, groups, standing, strict=True):
        after = {pk: f.pieces for pk, f in zip(parcels, group.fillings, strict=True)}
        rows += [
            RegroupedParcel(
                regrouping=act, shipment_id=pk, before=before.get(pk, {}), after=after.get(pk, {})
            )
            for pk in dict.fromkeys([*group.sources, *parcels])
        ]
    RegroupedParcel.objects.bulk_create(rows)
