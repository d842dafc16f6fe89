"""Letting things wait for a person, as a part of whatever act is open."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from gendan.people.permissions import Role
from gendan.ui.statements import as_json, planned
from gendan.worklist.clock import calendar
from gendan.worklist.kinds import TERMS
from gendan.worklist.models import Kind

PLACE = ("shop_id", "warehouse_id", "priority")  # as orders, parcels and others have them


@dataclass(frozen=True)
class NewItem:
    """What waits. `due_at` none: the terms of its kind, in business hours.

    `owner_id` is the colleague who has it from the start, if they are there and have the role;
    else it is anybody's of the role.
    """

    kind: Kind
    subject: str
    subject_id: int
    detail: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    shop_id: int | None = None
    warehouse_id: int | None = None
    priority: int = 0
    due_at: datetime | None = None
    role: Role | None = None
    owner_id: int | None = None

    @classmethod
    def at(cls, row: Any, kind: Kind, subject: str, subject_id: int, **more: Any) -> "NewItem":
        """Return what waits where a row does: in its shop and warehouse, in its turn."""
        lies = {name: getattr(row, name) for name in PLACE if hasattr(row, name)}
        return cls(kind, subject, subject_id, **{**lies, **more})


OPENING = """
INSERT INTO worklist_item
  (kind, role, owner_id, subject, subject_id, detail, facts, shop_id, warehouse_id, priority,
   opened_at, due_at, outcome)
SELECT n.kind, n.role,
  (SELECT p.id FROM people_person p
   WHERE p.id = n.owner_id AND p.is_active AND n.role = ANY(p.roles)),
  n.subject, {subject_id}, n.detail, {facts}, n.shop_id, n.warehouse_id,
  n.priority, n.opened_at, n.due_at, ''
FROM json_populate_recordset(NULL::worklist_item, %s::json) n {about}
ON CONFLICT (kind, subject, subject_id, detail) WHERE done_at IS NULL DO NOTHING
"""
OPEN = OPENING.format(subject_id="n.subject_id", facts="n.facts", about="")


def let_wait(items: Sequence[NewItem], *, now: datetime) -> int:
    """Open items, but none twice, within the entry that is open; return how many are new."""
    if not items:
        return 0
    with planned() as cursor:
        cursor.execute(OPEN, told(items, now=now))
        return int(cursor.rowcount)


def told(items: Sequence[NewItem], *, now: datetime) -> list[str]:
    """Return what `OPENING` wants to know, with when they are due; nothing if there are none."""
    return [as_json(list(_rows(items, now)))] if items else []


def _rows(items: Sequence[NewItem], now: datetime) -> Iterator[dict[str, Any]]:
    days = calendar()
    due = {kind: days.after(now, TERMS[kind].minutes) for kind in {item.kind for item in items}}
    for item in sorted(items, key=_place):
        yield {
            **vars(item),
            "role": item.role or TERMS[item.kind].role,
            "opened_at": now,
            "due_at": item.due_at or due[item.kind],
        }


def _place(item: NewItem) -> tuple[str, str, int, str]:
    """Two who let the same things wait at once do so in one order, or each waits for the other."""
    return item.kind, item.subject, item.subject_id, item.detail
