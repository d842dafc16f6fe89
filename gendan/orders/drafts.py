"""Half-filled forms, saved by themselves: each belongs to the clerk who fills it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from gendan.orders.models import Draft
from gendan.people.models import Person

ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('orders.draft'), hashtext(%s))"
KEPT = timedelta(days=30)
REMEMBERED = timedelta(days=1)  # that a draft is over; what was sent before that comes no later
Data = Mapping[str, Sequence[str]]
"""What the form holds: each field's values, as they were typed."""


def drafts_of(person: Person) -> QuerySet[Draft]:
    """Return the person's drafts, the latest first."""
    return Draft.objects.filter(person=person, is_over=False).order_by("-saved_at", "-pk")


def new_key() -> str:
    """Return what tells a form from every other, before anything of it is saved."""
    return uuid4().hex


def save(person: Person, data: Data) -> Draft:
    """Keep what has been typed so far into the form of that key; two answers at once are one.

    What was sent before something that is kept already, and comes after it, is not kept; nor is
    what comes after the order was final. What is typed into the same form later begins anew.
    """
    key = [*(data.get("key") or [new_key()])]
    with _alone(key):
        there = Draft.objects.filter(person=person, data__key=key).order_by("-pk")
        draft = there.first() or Draft(person=person)
        if _turn(data) and _turn(data) < _turn(draft.data):
            return draft
        kept = {"order": draft.data["order"]} if "order" in draft.data else {}
        draft.data, draft.is_over = {**data, **kept, "key": key}, False
        draft.save()
    return draft


@contextmanager
def _alone(key: Sequence[str]) -> Iterator[None]:
    """Let nobody else save the form of that key meanwhile."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME, [key[0]])
        yield


def _turn(data: Data) -> int:
    """Return when it was sent, by the count of the form; 0 if the form did not count."""
    [text] = data.get("turn") or ["0"]
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else 0


def placed(draft: Draft, number: str) -> None:
    """Remember which order the draft became, until that is final.

    What is saved by itself in the same moment neither loses the number nor is lost.
    """
    with _alone(draft.data["key"]):
        now = Draft.objects.filter(pk=draft.pk).first() or draft
        now.data = {**now.data, "order": [number]}
        now.save()


def discard(person: Person, pk: int) -> None:
    """Throw one of the person's drafts away."""
    for draft in drafts_of(person).filter(pk=pk):
        _end(draft)


def final(number: str) -> None:
    """The order is final: whoever has a draft of it needs it no longer."""
    for draft in Draft.objects.filter(data__order=[number], is_over=False):
        _end(draft)


def _end(draft: Draft) -> None:
    """Empty a draft, and remember that it is over: something may still be on its way into it."""
    with _alone(draft.data["key"]):
        now = Draft.objects.filter(pk=draft.pk).first() or draft
        now.data = {name: now.data[name] for name in ("key", "turn") if name in now.data}
        now.is_over = True
        now.save()


def forget_old(now: datetime) -> None:
    """Throw away what nobody touched for a month, and soon what is over."""
    untouched = Q(saved_at__lt=now - KEPT) | Q(is_over=True, saved_at__lt=now - REMEMBERED)
    Draft.objects.filter(untouched).delete()
