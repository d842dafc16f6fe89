"""Reading the journal: what happened to some rows, and what somebody did."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q

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


def done_by(
    kind: str, actor_id: int | None, *, since: datetime, until: datetime, limit: int = 500
) -> list[Act]:
    """Return what somebody did in a time, the latest first."""
    entries = (
        Entry.objects.filter(actor_kind=kind, actor_id=actor_id, at__gte=since, at__lt=until)
        .order_by("-id")
        .values_list("pk", flat=True)[:limit]
    )
    return _acts(list(entries), Change.objects.all())


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
