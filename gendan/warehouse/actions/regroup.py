"""Moves goods between parcels, so that no piece is lost or doubled, and back again."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext as _

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.people.models import Person
from gendan.stock.actions.promise_elsewhere import promise_elsewhere
from gendan.ui.errors import Refused
from gendan.warehouse.actions.choose_carrier import give_up_waybills
from gendan.warehouse.actions.recall import recall
from gendan.warehouse.actions.share_gifts import share_gifts
from gendan.warehouse.contents import add_up, forget_checks
from gendan.warehouse.costs import reckon_anew
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
from gendan.warehouse.queries.shared_gifts import with_gifts
from gendan.warehouse.refill import Filling, Group, Houses, refill
from gendan.warehouse.stages import BEFORE_PACKING, Stage


class AlreadyMoved(Refused):
    """What the parcels hold is no longer what somebody saw."""


def regroup(
    groups: Sequence[Group], kind: RegroupingKind, *, by: Actor, now: datetime, why: str
) -> ShipmentQuerySet:
    """Move goods between parcels as a part of an act; return the parcels that hold them now.

    Parcels in a wave step back out of it and give up their waybills: a paper printed before says
    what is no longer true. A parcel left without goods is recalled.

    Goods that were fetched stay in their baskets, and their parcels picked, where all that they are
    put together with were fetched and nothing changes the house. Otherwise they are put back by
    scan like those of any recalled parcel, and new parcels take their places.

    Pieces that change the house are promised there instead.

    :raises WrongStage: if any of the parcels is packed already
    :raises AlreadyMoved: if they do not hold exactly the pieces that are to be moved
    :raises NotEnoughStock: if the other house has too few pieces that are free
    """
    if not groups:
        return Shipment.objects.none()
    told = why or str(kind.label)
    before, standing = _move(groups, by=by, now=now, why=told)
    _record(groups, before, standing, kind, by=by, why=why)
    return Shipment.objects.numbered(pk for parcels in standing for pk in parcels)


def undo(regroupings: RegroupingQuerySet, *, by: Actor, now: datetime, why: str = "") -> int:
    """Put the goods back into parcels as they were before; return how many were undone.

    :raises AlreadyMoved: if a parcel holds something else by now, or it was undone before
    :raises WrongStage: if any of the parcels is packed already
    """
    ids = sorted(set(regroupings.values_list("pk", flat=True)))
    with entry("shipment.regrouping_undone", by=by, why=why, count=len(ids)):
        locked = Regrouping.objects.standing().filter(pk__any=ids).order_by("pk")
        if [row.pk for row in locked.select_for_update(no_key=True)] != ids:
            raise AlreadyMoved(_("This was undone already. Load the page again."))
        if groups := [_backwards(parcels) for parcels in _parcels_of(ids).values()]:
            _move(with_gifts(groups), by=by, now=now, why=why or _("undone"))
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


def _move(
    groups: Sequence[Group], *, by: Actor, now: datetime, why: str
) -> tuple[Holding, list[list[int]]]:
    """Move the goods; return what the sources held before, and each group's parcels in order."""
    ids = refuse_unless(
        Shipment.objects.numbered({pk for group in groups for pk in group.sources}),
        *BEFORE_PACKING,
    )
    holding, (houses, fetched) = held_by(ids), _places(ids)
    for group in groups:
        _refuse_unless_the_same(group, holding)
    laid_back = _laid_back(groups, fetched, houses)
    if laid_back:
        recall(Shipment.objects.numbered(laid_back), by=by, now=now, why=why)
    groups = [_without(group, laid_back) for group in groups]
    kept = {f.shipment_id for group in groups for f in group.fillings if f.shipment_id}
    step_back(sorted(kept), by=by)
    promise_elsewhere(_moves(groups, holding, houses), by=by)
    staying = [pk for pk in ids if pk not in laid_back]
    standing = refill(groups, staying, houses)
    moved = sorted({*staying, *(pk for parcels in standing for pk in parcels)})
    add_up(moved)
    if emptied := [pk for pk in staying if pk not in kept]:
        recall(Shipment.objects.numbered(emptied), by=by, now=now, why=why)
    share_gifts(_orders_in(standing), by=by, now=now)
    reckon_anew(moved, now=now)
    return holding, standing


def _orders_in(standing: Sequence[Sequence[int]]) -> set[int]:
    inside = Shipment.objects.numbered(pk for parcels in standing for pk in parcels)
    return set(inside.values_list("lines__order", flat=True))


def step_back(ids: Sequence[int], *, by: Actor) -> None:
    """Take shipments out of their waves and their waybills from them, inside a surrounding act.

    What lies in a basket stays there; its pieces are checked anew.
    """
    chosen = Shipment.objects.numbered(ids)
    in_waves = list(chosen.filter(stage=Stage.RELEASED).values_list("pk", flat=True))
    moved = move(Shipment.objects.numbered(in_waves), Stage.PLANNED, out_of=Stage.RELEASED)
    moved.update(wave=None, wave_position=None)
    forget_checks(ids)
    give_up_waybills(chosen, by=by)


def _places(ids: Sequence[int]) -> tuple[Houses, set[int]]:
    """Return the warehouse of each shipment, and which of them are fetched."""
    rows = list(Shipment.objects.numbered(ids).values_list("pk", "warehouse", "stage"))
    fetched = {pk for pk, _house, stage in rows if stage == Stage.PICKED}
    return {pk: house for pk, house, _stage in rows}, fetched


def _laid_back(groups: Sequence[Group], fetched: set[int], houses: Houses) -> set[int]:
    """Return the fetched shipments whose goods can't stay in their baskets."""
    return {
        pk
        for group in groups
        if not _stays_in_baskets(group, fetched, houses)
        for pk in fetched.intersection(group.sources)
    }


def _stays_in_baskets(group: Group, fetched: set[int], houses: Houses) -> bool:
    places = {filling.house(houses) for filling in group.fillings}
    return fetched.issuperset(group.sources) and places == {houses[pk] for pk in group.sources}


def _without(group: Group, laid_back: set[int]) -> Group:
    """Let new parcels hold what shipments were to hold that are recalled."""
    fillings = [
        replace(filling, shipment_id=None, like_id=filling.shipment_id)
        if filling.shipment_id in laid_back
        else filling
        for filling in group.fillings
    ]
    return replace(group, fillings=fillings)


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


def _moves(
    groups: Sequence[Group], holding: Holding, houses: Houses
) -> Mapping[tuple[int, int], int]:
    """Return by how many pieces of each line each house has more or less afterwards."""
    more: Counter[tuple[int, int]] = Counter()
    for group in groups:
        for pk in group.sources:
            for line, number in holding[pk].items():
                more[line, houses[pk]] -= number
        for filling in group.fillings:
            for line, number in filling.pieces.items():
                more[line, filling.house(houses)] += number
    return {place: number for place, number in more.items() if number}


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
