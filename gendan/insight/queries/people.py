"""Who did how much in a time, as the journal tells it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from gendan.insight import days
from gendan.insight.models import Day
from gendan.insight.queries.parts import DONE, Done
from gendan.insight.tables import Column, Table
from gendan.journal.models import ActorKind

# What a day's work is measured by: the heading, and the acts that count for it.
MEASURES: tuple[tuple[Promise, tuple[str, ...]], ...] = (
    (_("Sign-ins"), ("person.signed_in",)),
    (_("Placed"), ("order.placed",)),
    (_("Payments"), ("order.paid",)),
    (_("Confirmed"), ("order.confirmed",)),
    (_("Released"), ("order.released",)),
    (_("Holds cleared"), ("order.hold_cleared",)),
    (_("Cancelled"), ("order.cancelled",)),
    (_("Picked"), ("shipment.picked",)),
    (_("Packed"), ("shipment.packed",)),
    (_("Shipped"), ("shipment.shipped",)),
    (_("Settled"), ("item.done",)),
)

WORKING = (ActorKind.PERSON, ActorKind.KEY)


@dataclass
class Deeds:
    """What one actor did in a time: rows by verb, acts in all, the first and the last."""

    kind: str
    actor_id: int | None
    name: str
    acts: int
    by_verb: dict[str, int]
    first_at: datetime
    last_at: datetime

    @property
    def kind_label(self) -> str:
        return str(ActorKind(self.kind).label)

    @property
    def figures(self) -> list[int]:
        """Return the rows of each measure."""
        return [sum(self.by_verb.get(v, 0) for v in verbs) for _label, verbs in MEASURES]

    @property
    def measured(self) -> list[tuple[str, int]]:
        """Return the measures with their headings."""
        headings = (str(label) for label, _verbs in MEASURES)
        return list(zip(headings, self.figures, strict=True))


def deeds(on: date) -> list[Deeds]:
    """Return what everybody did on a day until now, people first, the busiest first.

    A day that is over and kept is not counted again.
    """
    over = Day.objects.filter(on=on, is_stale=False, counted_at__gte=days.day(on).until)
    kept = over.values_list("done", flat=True).first()
    rows = DONE.counted([on])[on] if kept is None else kept
    return gathered([Done(*values) for values in rows])


def gathered(rows: Sequence[Done]) -> list[Deeds]:
    """Add up who did what, people first, the busiest first."""
    actors: dict[Any, Deeds] = {}
    for row in rows:
        first_at, last_at = _moment(row.first_us), _moment(row.last_us)
        key = (row.kind, row.actor_id, row.name if row.actor_id is None else "")
        known = actors.setdefault(
            key, Deeds(row.kind, row.actor_id, row.name, 0, {}, first_at, last_at)
        )
        known.acts += row.acts
        known.by_verb[row.verb] = known.by_verb.get(row.verb, 0) + row.rows
        known.first_at = min(known.first_at, first_at)
        known.last_at = max(known.last_at, last_at)
    return sorted(actors.values(), key=lambda one: (one.kind != ActorKind.PERSON, -one.acts))


def _moment(microseconds: int) -> datetime:
    return datetime.fromtimestamp(0, UTC) + timedelta(microseconds=microseconds)


def people_table(done: Sequence[Deeds]) -> Table:
    """Return the work of people and keys as a table of a report."""
    rows: Sequence[Sequence[Any]] = [
        [one.name, one.acts, *one.figures] for one in done if one.kind in WORKING
    ]
    columns = (
        Column(_now("Who"), "text"),
        Column(_now("Acts")),
        *(Column(label) for label, _verbs in MEASURES),
    )
    return Table(_now("People"), columns, rows, empty=_now("Nobody did anything."))
