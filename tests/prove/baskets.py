"""Parcels whose goods lie in baskets already: combined, taken apart and packed at the same time."""

from django.utils import timezone

from gendan.people.models import Person
from gendan.warehouse.actions.combine import combine
from gendan.warehouse.actions.pack import pack
from gendan.warehouse.actions.pick import pick
from gendan.warehouse.actions.regroup import undo
from gendan.warehouse.actions.release import release
from gendan.warehouse.actions.verify import verify_whole
from gendan.warehouse.models import RegroupedParcel, Regrouping, Shipment
from tests.prove.cast import BY, Cast
from tests.prove.subjects import neighbours, parcels

Pair = tuple[int, int]


def checked_neighbours(cast: Cast, times: int) -> list[Pair]:
    """Two parcels each time that could be one; both lie on the packing table, ready to close."""
    pairs = neighbours(cast, times)
    _check([pk for pair in pairs for pk in pair])
    return pairs


def checked_after_combining(cast: Cast, times: int) -> list[Pair]:
    """A combined parcel each time, ready to close, and the act that made it."""
    both = [pk for pair in neighbours(cast, times) for pk in pair]
    combine(parcels(both), by=BY, now=timezone.now())
    held = RegroupedParcel.objects.filter(shipment__any=both).exclude(after={}).order_by("pk")
    found = list(held.values_list("shipment", "regrouping"))
    _check([shipment for shipment, _act in found])
    return found


def _check(ids: list[int]) -> None:
    release(parcels(ids), by=BY)
    pick(parcels(ids), by=BY)
    verify_whole(parcels(ids), by=BY)


def pack_first(pair: Pair, me: Person) -> None:
    pack(Shipment.objects.numbered([pair[0]]), by=me)


def put_together(pair: Pair, me: Person) -> None:
    combine(Shipment.objects.numbered(pair), by=me, now=timezone.now())


def take_apart(pair: Pair, me: Person) -> None:
    undo(Regrouping.objects.filter(pk=pair[1]), by=me, now=timezone.now())
