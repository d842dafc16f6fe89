"""The versions of an order, and what is wanted of it."""

from dataclasses import dataclass

from gendan.orders.amending.following import Consequence, as_kept
from gendan.orders.amending.sheet import CannotAmend
from gendan.orders.amending.snapshot import Difference, Snapshot, differences, snapshots
from gendan.orders.amending.wanted import read
from gendan.orders.models import Amendment, AmendmentState, Order
from gendan.orders.under_way import LEFT


@dataclass(frozen=True)
class Version:
    """What an order said, from one change (none: since it was placed) to the next."""

    number: int
    said: Snapshot
    made_by: Amendment | None
    is_now: bool


def version_of(order: Order, number: int) -> Version | None:
    """Return a version of an order; None if it never had so many."""
    made = {
        one.version: one
        for one in Amendment.objects.filter(order=order, state=AmendmentState.CONFIRMED)
    }
    last = max((version for version in made if version), default=1)
    if not 1 <= number <= last:
        return None
    following = made.get(number + 1)
    said = following.before if following else snapshots([order.pk])[order.pk]
    return Version(number, said, made.get(number), following is None)


def wishes_of(amendment: Amendment) -> list[str]:
    """Return what is wanted, each in a few words."""
    try:
        return [action.said for action in read(amendment.wanted)]
    except CannotAmend:  # written before an action was renamed
        return [str(row.get("action", "?")) for row in amendment.wanted]


def differences_of(amendment: Amendment) -> list[Difference]:
    """Return what a confirmed amendment changed."""
    return differences(amendment.before, amendment.after) if amendment.after else []


def consequences_of(amendment: Amendment) -> list[Consequence]:
    """Return what followed from a confirmed amendment."""
    return as_kept(amendment.consequences)


def has_left(order: Order) -> bool:
    """Say whether a parcel with goods of the order has left the house."""
    ours = Order.objects.filter(pk=order.pk, shipment_lines__shipment__stage__in=LEFT)
    return ours.exists()
