"""Reading the journal: what happened to some rows, and what somebody did."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import QuerySet

from gendan.journal.models import Change, Entry, Operation, Subject
from gendan.journal.sentences import sentence
from gendan.journal.values import label_of, shown
from gendan.ui.prepared import Given, Prepared
from gendan.ui.statements import planned

PAGE = 50
ROWS_SHOWN = 8  # of one act; the rest is counted
CHANGES_READ = 40  # of an act, on average

# Row by row along the index of what was touched (OFFSET keeps it so): an entry may have changed a
# hundred thousand others.
OF_ROWS = """
FROM unnest(%s::text[], %s::bigint[]) AS asked (name, id)
JOIN journal_subject s ON s.name = asked.name
CROSS JOIN LATERAL (
  SELECT * FROM journal_change WHERE subject = s.id AND subject_id = asked.id OFFSET 0) c
"""
LATEST = f"""
SELECT DISTINCT c.entry_id {OF_ROWS}
WHERE %s::bigint IS NULL OR c.entry_id < %s ORDER BY 1 DESC LIMIT %s
"""
TOUCHED = f"""
SELECT c.id, c.entry_id, s.id, s.name, c.subject_id, c.operation, c.before, c.after {OF_ROWS}
WHERE c.entry_id = ANY(%s::bigint[]) ORDER BY c.id LIMIT %s
"""
ENTRIES = Prepared(lambda: Entry.objects.filter(pk__any=Given("entries")).order_by("-pk"))


@dataclass(frozen=True)
class ChangedField:
    """One column of one row: what it is called, and what stood in it before and after."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class ChangedRow:
    what: str  # "Order line", "Hold", ...
    operation: str
    fields: Sequence[ChangedField]


@dataclass
class Act:
    """An entry as it is read: one sentence, and the changes it made."""

    entry: Entry
    sentence: str
    rows: list[ChangedRow] = field(default_factory=list)
    more_rows: int = 0
    touched: list[tuple[str, int]] = field(default_factory=list)  # table and id, the first few


def timeline(
    subjects: Mapping[str, Iterable[int]], *, before: int | None = None, limit: int = PAGE
) -> list[Act]:
    """Return the acts that touched the rows (table name -> ids), the latest first.

    `before` is the id of an entry: only older acts are returned.
    """
    names, ids = _rows(subjects)
    with planned() as cursor:
        cursor.execute(LATEST, [names, ids, before, before, limit])
        latest = [entry for (entry,) in cursor.fetchall()]
        cursor.execute(TOUCHED, [names, ids, latest, limit * CHANGES_READ])
        return _acts(latest, [_change(*row) for row in cursor.fetchall()])


@dataclass(frozen=True)
class Doer:
    """Somebody who acts: people and keys have an id, jobs and channels only a name."""

    kind: str
    actor_id: int | None = None
    name: str = ""


def entries_of(doer: Doer, *, since: datetime, until: datetime, verb: str = "") -> QuerySet[Entry]:
    """Return what somebody did in a time, the latest first; only one verb if it is given."""
    entries = Entry.objects.filter(
        actor_kind=doer.kind, actor_id=doer.actor_id, at__gte=since, at__lt=until
    )
    if doer.actor_id is None and doer.name:
        entries = entries.filter(actor_name=doer.name)
    return (entries.filter(verb=verb) if verb else entries).order_by("-id")


def done_by(
    doer: Doer,
    *,
    since: datetime,
    until: datetime,
    verb: str = "",
    before: int | None = None,
    limit: int = PAGE,
) -> list[Act]:
    """Return a page of what somebody did in a time, the latest first.

    `before` is the id of an entry: only older acts are returned.
    """
    entries = entries_of(doer, since=since, until=until, verb=verb)
    if before is not None:
        entries = entries.filter(pk__lt=before)
    latest = list(entries.values_list("pk", flat=True)[:limit])
    made = Change.objects.filter(entry_id__in=latest).select_related("subject").order_by("id")
    return _acts(latest, made[: len(latest) * CHANGES_READ])


def _rows(subjects: Mapping[str, Iterable[int]]) -> tuple[list[str], list[int]]:
    rows = [(name, pk) for name, ids in subjects.items() for pk in set(ids)]
    return [name for name, _pk in rows], [pk for _name, pk in rows]


def _change(
    pk: int, entry: int, code: int, name: str, row: int, operation: str, before: str, after: str
) -> Change:
    return Change(
        pk=pk,
        entry_id=entry,
        subject=Subject(code, name),
        subject_row=row,
        operation=operation,
        before=json.loads(before or "null"),
        after=json.loads(after or "null"),
    )


def _acts(entry_ids: Sequence[int], changes: Iterable[Change]) -> list[Act]:
    entries = ENTRIES(entries=list(entry_ids))
    acts = {entry.pk: Act(entry, sentence(entry)) for entry in entries}
    seen: dict[int, int] = defaultdict(int)
    for change in changes:
        act = acts[change.entry_id]
        if len(act.touched) < ROWS_SHOWN:
            act.touched.append((change.subject.name, change.subject_row))
        row = _row(change)
        if change.operation == Operation.UPDATED and not row.fields:
            continue
        seen[change.entry_id] += 1
        if seen[change.entry_id] <= ROWS_SHOWN:
            act.rows.append(row)
        else:
            act.more_rows += 1
    return list(acts.values())


def _row(change: Change) -> ChangedRow:
    table = change.subject.name
    before, after = change.before or {}, change.after or {}
    columns = [c for c in {**before, **after} if label_of(table, c)]
    if change.operation == Operation.DELETED:
        columns = [c for c in columns if before.get(c) not in (None, "", [], {}, False)]
    return ChangedRow(
        what=label_of(table),
        operation=change.operation,
        fields=[
            ChangedField(
                label_of(table, column),
                shown(table, column, before.get(column)),
                shown(table, column, after.get(column)),
            )
            for column in columns
        ],
    )
