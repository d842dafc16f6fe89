"""Questions about what waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from gendan.people.models import Person
from gendan.people.permissions import Role
from gendan.ui.statements import planned
from gendan.ui.wording import yuan
from gendan.worklist.models import Item, ItemQuerySet, Kind, OpenHours, SpecialDay
from gendan.worklist.stakes import STAKES, fen_at_stake
from gendan.worklist.subjects import page_of

Ids: TypeAlias = tuple[int, ...]


@dataclass(frozen=True)
class Row:
    """An item as the list shows it: with the page it leads to."""

    item: Item
    url: str
    facts: Sequence[str]

    @property
    def what(self) -> str:
        """Return the kind in words; `get_kind_display` would translate every kind there is."""
        return str(Kind(self.item.kind).label)

    @property
    def whose(self) -> str:
        return str(Role(self.item.role).label)


class OfKind(NamedTuple):
    """How much of a kind waits, and how much of it is overdue."""

    code: str
    label: str
    number: int
    late: int


def visible(person: Person) -> ItemQuerySet:
    """Return every open item in the person's places, whoever's it is."""
    return Item.objects.open().visible_to(person)


def waiting_for(person: Person) -> ItemQuerySet:
    """Return what a person has to do: of their roles, in their places, free or taken by them."""
    return visible(person).filter(Q(owner=None, role__in=person.roles) | Q(owner=person))


def number_waiting_for(person: Person) -> int:
    """Return how much a person has to do; every page shows it."""
    places = (person.shop_ids, person.warehouse_ids)
    text, values = _counting(person.pk, tuple(person.roles), *map(_kept, places))
    with planned() as cursor:
        cursor.execute(text, values)
        number: int = cursor.fetchone()[0]
    return number


@lru_cache(maxsize=500)
def _counting(
    pk: int, roles: tuple[str, ...], shops: Ids | None, warehouses: Ids | None
) -> tuple[str, Sequence[Any]]:
    """Return the statement that counts for somebody of these roles and places."""
    alike = Person(pk=pk, roles=list(roles), shop_ids=shops, warehouse_ids=warehouses)
    text, values = waiting_for(alike).order_by().values("pk").query.sql_with_params()
    return f"SELECT count(*) FROM ({text}) waiting", values  # noqa: S608 (Django's own)


def _kept(ids: Sequence[int] | None) -> Ids | None:
    return None if ids is None else tuple(ids)


def waiting_of(person: Person, whose: str) -> ItemQuerySet:
    """Return what waits for the person; "mine" what they took; "all" whoever's, for supervisors."""
    if whose == "mine":
        return visible(person).filter(owner=person)
    if whose == "all" and person.may("worklist.assign"):
        return visible(person)
    return waiting_for(person)


def rows(items: ItemQuerySet, *, limit: int, kind: str = "") -> list[Row]:
    """Return the items, all of one kind if one is named, as they are shown."""
    shown = most_pressing_first(items, kind).annotate(fen=fen_at_stake())
    return [
        Row(item, page_of(item), _facts(item))
        for item in shown.select_related("owner", "shop", "warehouse")[:limit]
    ]


def most_pressing_first(items: ItemQuerySet, kind: str) -> ItemQuerySet:
    """Return the items in the order in which they should be done.

    It is the oldest due first; where money is at stake in a kind, the most money.
    """
    oldest = ("due_at", "pk")
    if kind not in STAKES:
        return items.order_by(*oldest)
    return items.order_by(STAKES[kind]().desc(nulls_last=True), *oldest)


def _facts(item: Item) -> list[str]:
    """Say what the item is about; money is told as it is now, not as it was at the beginning."""
    fen: int | None = getattr(item, "fen", None)
    now = {} if fen is None else {"money": _("%(money)s at stake") % {"money": yuan(fen)}}
    return [str(value) for value in (item.facts | now).values() if value]


def kinds(items: ItemQuerySet, *, now: datetime) -> list[OfKind]:
    """Return which kinds wait, the most frequent first."""
    late = Count("pk", filter=Q(due_at__lt=now))
    counted = items.values_list("kind").annotate(number=Count("pk"), late=late)
    return [
        OfKind(kind, str(Kind(kind).label), number, late)
        for kind, number, late in counted.order_by("-number", "kind")
    ]


def week() -> list[tuple[str, list[OpenHours]]]:
    """Return the business hours of each weekday, Monday first."""
    hours = list(OpenHours.objects.all())
    return [
        (str(label), [row for row in hours if row.weekday == day])
        for day, label in WEEKDAYS.items()
    ]


def special_days() -> list[SpecialDay]:
    """Return the holidays and working weekends from a month ago on."""
    since = timezone.localdate() - timedelta(days=31)
    return list(SpecialDay.objects.filter(on__gte=since))
