"""Everything that can happen to work items."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

import chinese_calendar
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.people.models import Person
from gendan.ui.errors import Refused
from gendan.worklist.kinds import ESCALATES_TO
from gendan.worklist.models import Item, ItemQuerySet, Kind, OpenHours, SpecialDay
from gendan.worklist.opening import NewItem as NewItem
from gendan.worklist.opening import let_wait


class AlreadyClaimed(Refused):
    """Somebody else has taken some of the items, or they are done."""


class WrongOwner(Refused):
    """The colleague does not have the role that the item belongs to."""


def open_items(items: Sequence[NewItem], *, by: Actor, now: datetime) -> int:
    """Let things wait for a person, but not twice; return how many are new."""
    if not items:
        return 0
    with entry("item.opened", by=by, count=len(items)):
        return let_wait(items, now=now)


def close_items(
    kinds: Iterable[Kind], subject: str, ids: Iterable[int], *, by: Actor, now: datetime, why: str
) -> int:
    """Close what waited about the subjects, because it has been settled; return how many."""
    waiting = Item.objects.open().filter(
        kind__in=list(kinds), subject=subject, subject_id__any=list(ids)
    )
    return _close(waiting, by=by, now=now, why=why)


def finish(items: ItemQuerySet, *, by: Actor, now: datetime, why: str) -> int:
    """Say that the items are dealt with, and how; return how many were still open."""
    return _close(items.open(), by=by, now=now, why=why)


def _close(items: ItemQuerySet, *, by: Actor, now: datetime, why: str) -> int:
    """Close them; where nothing waits any more, nobody has done anything."""
    person = by if isinstance(by, Person) else None
    with transaction.atomic(savepoint=False):
        ids = _locked(items)
        if not ids:
            return 0
        with entry("item.done", by=by, why=why):
            waiting = Item.objects.open().filter(pk__any=ids)
            return waiting.update(done_at=now, done_by=person, outcome=why[:200])


def _locked(items: ItemQuerySet) -> list[int]:
    """Lock the items in the order of their ids, so that nobody waits for each other."""
    return list(items.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))


def claim(items: ItemQuerySet, *, by: Person, why: str = "") -> ItemQuerySet:
    """Take items that nobody has taken.

    :raises AlreadyClaimed: if somebody else was faster with any of them
    """
    with entry("item.claimed", by=by, why=why):
        ids = list(items.order_by("pk").select_for_update().values_list("pk", flat=True))
        free = Item.objects.open().filter(Q(owner=None) | Q(owner=by), pk__any=ids)
        if free.update(owner=by) != len(ids):
            raise AlreadyClaimed(
                _("A colleague was faster with some of these. Load the list again.")
            )
    return Item.objects.filter(pk__any=ids)


def hand_over(items: ItemQuerySet, to: Person, *, by: Actor, why: str) -> ItemQuerySet:
    """Give items to a colleague who has the role for them.

    :raises WrongOwner: if the colleague lacks the role of any of them
    :raises AlreadyClaimed: if any of them is done by now
    """
    with entry("item.handed_over", by=by, why=why, to=to.name):
        ids = list(items.order_by("pk").select_for_update().values_list("pk", flat=True))
        chosen = Item.objects.open().filter(pk__any=ids)
        if chosen.exclude(role__in=to.roles).exists():
            raise WrongOwner(
                _("%(name)s does not have the role that this belongs to.") % {"name": to.name}
            )
        if chosen.update(owner=to) != len(ids):
            raise AlreadyClaimed(_("Some of these are done by now. Load the list again."))
    return Item.objects.filter(pk__any=ids)


def escalate(*, by: Actor, now: datetime) -> int:
    """Give what is overdue to the supervisors; return how many items."""
    late = Item.objects.open().filter(escalated_at=None, due_at__lt=now)
    if not late.exists():
        return 0
    with entry("item.escalated", by=by):
        overdue = Item.objects.open().filter(pk__any=_locked(late))
        return overdue.update(escalated_at=now, role=ESCALATES_TO, owner=None)


def add_hours(hours: OpenHours, *, by: Actor) -> OpenHours:
    """Add an interval in which the house works."""
    with entry("hours.changed", by=by):
        hours.save()
    return hours


def add_day(day: SpecialDay, *, by: Actor) -> SpecialDay:
    """Add a holiday, or a day that is worked."""
    with entry("hours.changed", by=by):
        day.save()
    return day


def remove_hours(*, hours: Iterable[str], days: Iterable[str], by: Actor) -> bool:
    """Remove intervals and special days, named by their ids; say whether there were any."""
    with entry("hours.changed", by=by):
        gone, _intervals = OpenHours.objects.filter(pk__in=list(hours)).delete()
        gone_too, _days = SpecialDay.objects.filter(pk__in=list(days)).delete()
    return bool(gone + gone_too)


def load_holidays(since: date, *, by: Actor) -> int:
    """Add China's public holidays and working weekends of this year, as far as they are known."""
    known = set(SpecialDay.objects.values_list("on", flat=True))
    days = [
        day
        for day in (_special(since + timedelta(days=number)) for number in range(366))
        if day and day.on not in known
    ]
    with entry("hours.changed", by=by):
        SpecialDay.objects.bulk_create(days)
    return len(days)


def _special(on: date) -> SpecialDay | None:
    try:
        free, name = chinese_calendar.get_holiday_detail(on)
    except NotImplementedError:  # the government has not yet said
        return None
    if name is None:
        return None
    return SpecialDay(
        on=on, name=chinese_calendar.Holiday(name).chinese, works_like=None if free else 0
    )
