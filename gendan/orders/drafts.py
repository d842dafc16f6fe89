"""Half-filled forms, saved by themselves: each belongs to the clerk who fills it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import connection, transaction
from django.db.models import QuerySet

from gendan.orders.models import Draft
from gendan.people.models import Person

ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('orders.draft'), hashtext(%s))"
KEPT = timedelta(days=30)
Data = Mapping[str, Sequence[str]]
"""What the form holds: each field's values, as they were typed."""


def drafts_of(person: Person) -> QuerySet[Draft]:
    """Return the person's drafts, the latest first."""
    return Draft.objects.filter(person=person).order_by("-saved_at", "-pk")


def new_key() -> str:
    """Return what tells a form from every other, before anything of it is saved."""
    return uuid4().hex


def save(person: Person, data: Data) -> Draft:
    """Keep what has been typed so far into the form of that key; two answers at once are one.

    What was sent before something that is kept already, and comes after it, is not kept.
    """
    key = [*(data.get("key") or [new_key()])]
    with _alone(key):
        draft = drafts_of(person).filter(data__key=key).first() or Draft(person=person)
        if _turn(data) and _turn(data) < _turn(draft.data):
            return draft
        kept = {"order": draft.data["order"]} if "order" in draft.data else {}
        draft.data = {**data, **kept, "key": key}
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


def forget(person: Person, *, pk: int = 0, number: str = "") -> None:
    """Throw a draft away: by its own number, or by that of the order it became."""
    mine = drafts_of(person)
    (mine.filter(data__order=[number]) if number else mine.filter(pk=pk)).delete()


def forget_old(now: datetime) -> None:
    """Throw away what nobody touched for a month."""
    Draft.objects.filter(saved_at__lt=now - KEPT).delete()
