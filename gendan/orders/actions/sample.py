"""Drawing documents each week from what was sent, and judging them."""

import math
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.db.models import CharField, F, Func, Value
from django.db.models.functions import Concat
from django.db.models.functions.comparison import Cast
from django.utils import timezone
from django.utils.translation import gettext as _

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.models import (
    Confirmation,
    Fault,
    Sample,
    SampleFault,
    SampleQuerySet,
    Sampling,
)
from gendan.people.models import Person
from gendan.ui.errors import Refused
from gendan.worklist.actions import NewItem, close_items, open_items
from gendan.worklist.models import Kind

WEEK = timedelta(days=7)


class AlreadyJudged(Refused):
    """Somebody has checked the document meanwhile."""


class NothingFound(Refused):
    """A fault without what it was, of no known kind, or named twice."""


class Found(NamedTuple):
    """One thing that was wrong: its kind, and what it was."""

    kind: str
    words: str


def save_sampling(sampling: Sampling, *, by: Actor, why: str = "") -> Sampling:
    """Change how many documents are drawn."""
    with entry("sampling.changed", by=by, why=why):
        sampling.save()
    return sampling


def draw(week: date, *, by: Actor, now: datetime, why: str = "") -> int:
    """Draw from the documents that left in the week of this Monday; return how many.

    The same documents are drawn however often it is asked, and whoever asks; a week that was drawn
    is not drawn again.
    """
    if Sample.objects.filter(week=week).exists():
        return 0
    drawn = _chosen(week)
    if not drawn:
        return 0
    with entry("samples.drawn", by=by, why=why, count=len(drawn)):
        Sample.objects.bulk_create(
            [Sample(week=week, confirmation_id=pk) for pk in drawn], ignore_conflicts=True
        )
        open_items([_item(week)], by=by, now=now)
    return len(drawn)


def judge(
    samples: SampleQuerySet,
    faults: Sequence[Found] = (),
    *,
    by: Actor,
    now: datetime,
    why: str = "",
) -> SampleQuerySet:
    """Say that documents were right, or what was wrong with each of them.

    :raises NothingFound: if a fault has no words, is of no known kind, or is named twice
    :raises AlreadyJudged: if any of them has been judged
    """
    _refuse(faults)
    with entry("samples.judged", by=by, why=why or "；".join(found.words for found in faults)):
        rows = list(samples.filter(judged_at=None).order_by("pk").select_for_update(no_key=True))
        if len(rows) != samples.count():
            raise AlreadyJudged(_("A colleague has checked this document meanwhile."))
        chosen = Sample.objects.filter(pk__any=[row.pk for row in rows])
        person = by if isinstance(by, Person) else None
        chosen.update(judged_at=now, judged_by=person)
        SampleFault.objects.bulk_create(
            SampleFault(sample=row, kind=found.kind, words=found.words.strip()[:500])
            for row in rows
            for found in faults
        )
        _close({row.week for row in rows}, by, now)
    return chosen


def judge_again(samples: SampleQuerySet, *, by: Actor, now: datetime, why: str = "") -> int:
    """Take judgements back, to be made again; return how many."""
    with entry("samples.reopened", by=by, why=why):
        rows = list(samples.exclude(judged_at=None).order_by("pk").select_for_update(no_key=True))
        chosen = Sample.objects.filter(pk__any=[row.pk for row in rows])
        SampleFault.objects.filter(sample__in=[row.pk for row in rows]).delete()
        chosen.update(judged_at=None, judged_by=None)
        open_items([_item(week) for week in sorted({row.week for row in rows})], by=by, now=now)
    return len(rows)


def _refuse(faults: Sequence[Found]) -> None:
    if any(found.kind not in Fault.values or not found.words.strip() for found in faults):
        raise NothingFound(_("Say what was wrong, so that it can be learned from."))
    if len({found.kind for found in faults}) < len(faults):
        raise NothingFound(_("Write everything about one kind of fault into one note."))


def _chosen(week: date) -> list[int]:
    begin = timezone.make_aware(datetime.combine(week, time()))
    left = Confirmation.objects.filter(sent_at__gte=begin, sent_at__lt=begin + WEEK)
    left = left.exclude(sheet=None)
    rule = Sampling.objects.first() or Sampling()
    number = max(rule.at_least, math.ceil(left.count() * rule.percent / 100))
    lot = Func(
        Concat(Value(f"{week}:"), Cast(F("pk"), CharField())),
        function="md5",
        output_field=CharField(),
    )
    return list(left.order_by(lot, "pk").values_list("pk", flat=True)[:number])


def _item(week: date) -> NewItem:
    count = Sample.objects.filter(week=week).count()
    facts = {"number": week.isoformat(), "count": count}
    return NewItem(Kind.SAMPLE, "samples", _key(week), facts=facts)


def _close(weeks: set[date], by: Actor, now: datetime) -> None:
    still = set(
        Sample.objects.filter(week__in=weeks, judged_at=None).values_list("week", flat=True)
    )
    done = [_key(week) for week in weeks - still]
    close_items([Kind.SAMPLE], "samples", done, by=by, now=now, why=_("All documents are checked"))


def _key(week: date) -> int:
    """Return the number by which work items know a week."""
    return int(week.strftime("%Y%m%d"))
