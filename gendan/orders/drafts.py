"""Half-filled forms, saved by themselves: each belongs to the clerk who fills it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db.models import QuerySet

from gendan.orders.models import Draft
from gendan.people.models import Person

KEPT = timedelta(days=30)
Data = Mapping[str, Sequence[str]]
"""What the form holds: each field's values, as they were typed."""


def drafts_of(person: Person) -> QuerySet[Draft]:
    """Return the person's drafts, the latest first."""
    return Draft.objects.filter(person=person).order_by("-saved_at", "-pk")


def save(person: Person, data: Data, pk: int | None) -> Draft:
    """Keep what has been typed so far."""
    draft = drafts_of(person).filter(pk=pk).first() or Draft(person=person)
    kept = {"order": draft.data["order"]} if "order" in draft.data else {}
    draft.data = {**data, **kept}
    draft.save()
    return draft


def placed(draft: Draft, number: str) -> None:
    """Remember which order the draft became, until that is final."""
    draft.data = {**draft.data, "order": [number]}
    draft.save()


def forget(person: Person, *, pk: int | None = None, number: str = "") -> None:
    """Throw a draft away: by its own number, or by that of the order it became."""
    mine = drafts_of(person)
    (mine.filter(data__order=[number]) if number else mine.filter(pk=pk)).delete()


def forget_old(now: datetime) -> None:
    """Throw away what nobody touched for a month."""
    Draft.objects.filter(saved_at__lt=now - KEPT).delete()
