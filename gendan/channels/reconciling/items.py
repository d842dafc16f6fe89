"""Lets people know of differences: each is a work item, or all of them are where they are many."""

from datetime import date, datetime

from django.db.models import Exists, OuterRef, Subquery
from django.utils.translation import gettext as _

from gendan.channels.models import (
    Against,
    Difference,
    DifferenceKind,
    DifferenceState,
    Reckoning,
)
from gendan.channels.models.reconciling import DifferenceQuerySet
from gendan.channels.reconciling.saying import told
from gendan.journal.actors import Actor
from gendan.worklist.actions import NewItem, close_items, open_items
from gendan.worklist.models import Item, Kind

SUBJECT, OF_MANY = "difference", "reckoning"
MANY = 200  # more than that are looked at in the list, not one by one


def tend(
    against: Against, day: date, scope: int, *, checked: int, by: Actor, now: datetime
) -> Reckoning:
    """Note that a day was compared; open what waits now, and close what does not any more."""
    there = Difference.objects.filter(against=against, on=day, scope=scope)
    number = there.filter(state=DifferenceState.OPEN).count()
    reckoning, _made = Reckoning.objects.update_or_create(
        against=against,
        on=day,
        scope=scope,
        defaults={"at": now, "checked": checked, "open": number},
    )
    close(there, by=by, now=now, why=_("Both sides say the same now."))
    open_waiting(there, by=by, now=now)
    return reckoning


def open_waiting(differences: DifferenceQuerySet, *, by: Actor, now: datetime) -> None:
    """Let each open difference wait for a person; many of one comparison wait as one."""
    waiting = differences.filter(state=DifferenceState.OPEN)
    found = list(waiting.order_by("pk")[: MANY + 1])
    if len(found) > MANY:
        _open_many(found[0], waiting.count(), by=by, now=now)
    else:
        open_items([_item(each) for each in found], by=by, now=now)


def close(differences: DifferenceQuerySet, *, by: Actor, now: datetime, why: str) -> None:
    """Close the items of differences that are not open any more."""
    items = Item.objects.open().filter(kind=Kind.RECONCILE, subject=SUBJECT)
    over = differences.exclude(state=DifferenceState.OPEN)
    waiting = over.filter(Exists(items.filter(subject_id=OuterRef("pk"))))
    ids = list(waiting.values_list("pk", flat=True))
    if ids:
        close_items([Kind.RECONCILE], SUBJECT, ids, by=by, now=now, why=why)
    _close_many(by=by, now=now, why=why)


def _open_many(first: Difference, number: int, *, by: Actor, now: datetime) -> None:
    reckoning = Reckoning.objects.get(against=first.against, on=first.on, scope=first.scope)
    facts = {"on": f"{first.on}", "what": str(Against(first.against).label), "number": number}
    new = NewItem(Kind.RECONCILE, OF_MANY, reckoning.pk, facts=facts, shop_id=first.shop_id)
    open_items([new], by=by, now=now)


def _close_many(*, by: Actor, now: datetime, why: str) -> None:
    items = Item.objects.open().filter(kind=Kind.RECONCILE, subject=OF_MANY)
    still = Difference.objects.filter(
        against=OuterRef("against"),
        on=OuterRef("on"),
        scope=OuterRef("scope"),
        state=DifferenceState.OPEN,
    )
    found = Reckoning.objects.filter(pk__in=items.values("subject_id"))
    few = found.alias(beyond=Subquery(still.values("pk")[MANY : MANY + 1])).filter(beyond=None)
    over = list(few.values_list("pk", flat=True))
    if over:
        close_items([Kind.RECONCILE], OF_MANY, over, by=by, now=now, why=why)


def _item(difference: Difference) -> NewItem:
    what = str(DifferenceKind(difference.kind).label)
    if difference.kind == DifferenceKind.CARRIER_CHARGES:  # the clerk asks back with both figures
        sides = (told(difference.kind, said) for said in (difference.ours, difference.theirs))
        what = f"{what}: {' → '.join(sides)}"
    facts = {"what": what, "key": difference.key, "on": f"{difference.on}"}
    return NewItem.at(difference, Kind.RECONCILE, SUBJECT, difference.pk, facts=facts)
