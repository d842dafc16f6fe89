"""Who did how much in a time, as the journal tells it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from gendan.insight.days import Span
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

# An act of a set says how many rows it was about; an act that doesn't was about one.
DONE = """
SELECT actor_kind, actor_id, min(actor_name), verb, count(*), sum(
    CASE WHEN jsonb_typeof(facts->'count') = 'number' THEN (facts->>'count')::int ELSE 1 END)::int,
  min(at), max(at)
FROM journal_entry WHERE at >= %(since)s AND at < %(until)s
GROUP BY actor_kind, actor_id, CASE WHEN actor_id IS NULL THEN actor_name END, verb
"""
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


def deeds(span: Span) -> list[Deeds]:
    """Return what everybody did in a time, people first, the busiest first."""
    with connection.cursor() as cursor:
        cursor.execute(DONE, {"since": span.since, "until": span.until})
        rows = cursor.fetchall()
    actors: dict[Any, Deeds] = {}
    verbs: dict[Any, dict[str, int]] = defaultdict(dict)
    for kind, actor_id, name, verb, acts, number, first_at, last_at in rows:
        key = (kind, actor_id, name if actor_id is None else "")
        known = actors.setdefault(
            key, Deeds(kind, actor_id, name, 0, verbs[key], first_at, last_at)
        )
        known.acts += acts
        known.by_verb[verb] = known.by_verb.get(verb, 0) + number
        known.first_at = min(known.first_at, first_at)
        known.last_at = max(known.last_at, last_at)
    return sorted(actors.values(), key=lambda one: (one.kind != ActorKind.PERSON, -one.acts))


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
