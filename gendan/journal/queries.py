"""Reading the journal: what happened to some rows, and what somebody did."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from gendan.journal.models import Change, Entry, Operation, Subject
from gendan.journal.sentences import sentence
from gendan.journal.values import label_of, shown

PAGE = 50
ROWS_SHOWN = 8  # of one act; the rest is counted


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
    touched = Change.objects.filter(_rows(subjects))
    if before is not None:
        touched = touched.filter(entry_id__lt=before)
    latest = touched.order_by("-entry_id").values_list("entry_id", flat=True).distinct()[:limit]
    return _acts(list(latest), touched)


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
    return _acts(list(entries.values_list("pk", flat=True)[:limit]), Change.objects.all())


def _rows(subjects: Mapping[str, Iterable[int]]) -> Q:
    codes = dict(Subject.objects.filter(name__in=list(subjects)).values_list("name", "pk"))
    condition = Q(pk__in=[])
    for name, ids in subjects.items():
        if name in codes:
            condition |= Q(subject=codes[name], subject_row__any=list(ids))
    return condition


def _acts(entry_ids: Sequence[int], touched: Any) -> list[Act]:
    entries = Entry.objects.filter(pk__in=entry_ids).order_by("-pk")
    acts = {entry.pk: Act(entry, sentence(entry)) for entry in entries}
    seen: dict[int, int] = defaultdict(int)
    changes = touched.filter(entry_id__in=entry_ids).select_related("subject").order_by("id")
    for change in changes[: len(entry_ids) * 40]:
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
