"""The act: staged rows of a chunk of orders become orders, in one transaction and one entry."""

from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from gendan.channels.formats.format import LINES, Format
from gendan.channels.formats.states import RANK
from gendan.channels.intake import follow
from gendan.channels.intake.stage import Progress, lock_shop
from gendan.channels.models import IncomingFile
from gendan.journal.actors import Actor
from gendan.journal.writing import entry

ORDERS = 2_000
"""Orders made in one transaction."""

_SQL = files("gendan.channels.intake") / "sql"
TOLD, CODES, CUSTOMERS, NEW, CHANGED = (
    (_SQL / f"{name}.sql").read_text("utf-8")
    for name in ("told", "codes", "customers", "new", "changed")
)

CLEAR = "DROP TABLE IF EXISTS " + ", ".join(
    f"pg_temp.{name}"
    for name in ("chosen", "told_part", "told_line", "settled", "told", "buyer", "made", "change")
)
"""Needed where an act is part of a longer transaction, whose end alone would drop them."""

CHOOSE = """
CREATE TEMP TABLE chosen ON COMMIT DROP AS
SELECT DISTINCT s.platform_order FROM {staged} s
WHERE s.file_id = %(file)s AND s.platform_order > %(after)s AND {ready}
ORDER BY 1 LIMIT %(limit)s
"""

LOCK_KNOWN = """
SELECT FROM orders_order o JOIN chosen c USING (platform_order) WHERE o.shop_id = %(shop)s
ORDER BY o.id FOR NO KEY UPDATE OF o;
SELECT FROM orders_line l JOIN orders_order o ON o.id = l.order_id
JOIN chosen c USING (platform_order) WHERE o.shop_id = %(shop)s
ORDER BY l.id FOR NO KEY UPDATE OF l
"""
"""What is compared with the file must not be changed by somebody else before it is written."""

WHOLE_READY = "true"
HALF_READY = """(EXISTS (
  SELECT FROM {other} x JOIN channels_incomingfile f ON f.id = x.file_id
  WHERE f.shop_id = %(shop)s AND x.platform_order = s.platform_order AND f.id <> %(file)s
) OR EXISTS (
  SELECT FROM orders_order o WHERE o.shop_id = %(shop)s AND o.platform_order = s.platform_order
))"""
"""One half of an order waits for the other, unless the house knows the order already."""

CONTRADICTIONS = """
INSERT INTO channels_mistake (file_id, row, field, value, problem, platform_order)
SELECT %(file)s, max(row), '', '', 'CONTRADICTS', platform_order FROM (
  SELECT platform_order, max(row) AS row FROM channels_stagedorder WHERE file_id = %(file)s
  GROUP BY platform_order HAVING count(*) > 1 AND (count(DISTINCT payable_fen) > 1
    OR count(DISTINCT paid_fen) > 1 OR count(DISTINCT postage_fen) > 1
    OR count(DISTINCT discount_fen) > 1)
  UNION ALL
  SELECT platform_order, max(row) FROM channels_stagedline
  WHERE file_id = %(file)s AND (%(one_row)s OR NOT is_own_key)
  GROUP BY platform_order, CASE WHEN NOT is_own_key THEN key END
  HAVING count(DISTINCT row) > 1
    AND (bool_or(is_own_key) OR count(DISTINCT (code, quantity, total_fen)) > 1)
) told GROUP BY platform_order
"""
"""Orders of which a file tells several amounts: nobody can know which one is right."""

REFUSE = """
DELETE FROM {staged} s USING (
  SELECT DISTINCT platform_order FROM channels_mistake WHERE file_id = %(file)s
) m WHERE s.file_id = %(file)s AND m.platform_order = s.platform_order
"""

COUNT = """
SELECT count(*) FILTER (WHERE verdict = 'NEW'), count(*) FILTER (WHERE verdict = 'CHANGED'),
  count(*) FILTER (WHERE verdict IN ('SAME', 'OLDER')), max(platform_order),
  (SELECT count(*) FROM told_line)
FROM told
"""

FORGET = """
DELETE FROM {staged} s USING chosen c, channels_incomingfile f
WHERE s.platform_order = c.platform_order AND f.id = s.file_id AND f.shop_id = %(shop)s
  AND (%(rows)s <> 'WHOLE' OR s.file_id = %(file)s)
"""

STAGED = ("channels_stagedorder", "channels_stagedline")


@dataclass(frozen=True, slots=True)
class _Outcome:
    new: int
    updated: int
    unchanged: int
    last: str
    lines: int


def act(file: IncomingFile, form: Format, *, by: Actor, progress: Progress) -> None:
    """Make orders of everything that is staged of a file and ready."""
    _refuse(file, form)
    after = ""
    while outcome := _chunk(file, form, after, by=by, now=timezone.now()):
        after = outcome.last
        file.refresh_from_db()
        progress(file)


@transaction.atomic
def _chunk(
    file: IncomingFile, form: Format, after: str, *, by: Actor, now: datetime
) -> _Outcome | None:
    lock_shop(file.shop_id)
    names: dict[str, Any] = {"file": file.pk, "rows": form.rows, "shop": file.shop_id}
    with connection.cursor() as cursor:
        cursor.execute(CLEAR)
        cursor.execute(_choose(form), {**names, "after": after, "limit": ORDERS})
        if not cursor.rowcount:
            return None
        ranks: dict[str, Any] = {"states": [*RANK, "NONE"], "ranks": [*RANK.values(), 0]}
        cursor.execute("ANALYZE chosen")
        cursor.execute(LOCK_KNOWN, names)
        cursor.execute(TOLD, {**names, **ranks})
        cursor.execute(COUNT)
        outcome = _Outcome(*cursor.fetchone())
        if outcome.new or outcome.updated:
            _write(file, outcome, by=by, now=now)
        for table in STAGED:
            cursor.execute(FORGET.format(staged=table), names)
    _note(file, outcome)
    return outcome


def _choose(form: Format) -> str:
    mine, other = STAGED[:: -1 if form.rows == LINES else 1]
    ready = WHOLE_READY if form.rows == "WHOLE" else HALF_READY.format(other=other)
    return CHOOSE.format(staged=mine, ready=ready)


def _write(file: IncomingFile, outcome: _Outcome, *, by: Actor, now: datetime) -> None:
    shop = file.shop
    names: dict[str, Any] = {
        "shop": shop.pk,
        "code": shop.code,
        "platform": shop.platform,
        "kind": shop.kind,
        "ship_hours": shop.ship_hours,
    }
    facts: dict[str, Any] = {"new": outcome.new, "updated": outcome.updated}
    with (
        entry("order.imported", by=by, file=file.name, shop=shop.code, **facts),
        connection.cursor() as cursor,
    ):
        for script in (CODES, CUSTOMERS, NEW, CHANGED):
            cursor.execute(script, names)
        follow.move_on(by=by, now=now)
        follow.tell_people(shop, by=by, now=now)


@transaction.atomic
def _refuse(file: IncomingFile, form: Format) -> None:
    """Leave out every order that has a mistake in one of its rows, or contradicts itself."""
    lock_shop(file.shop_id)
    with connection.cursor() as cursor:
        cursor.execute(CONTRADICTIONS, {"file": file.pk, "one_row": form.one_row})
        for table in STAGED:
            cursor.execute(REFUSE.format(staged=table), {"file": file.pk})


def _note(file: IncomingFile, outcome: _Outcome) -> None:
    """Count what became of the chunk; it stays only if the chunk does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE channels_incomingfile SET new = new + %s, updated = updated + %s,"
            " unchanged = unchanged + %s, lines = lines + %s WHERE id = %s",
            [outcome.new, outcome.updated, outcome.unchanged, outcome.lines, file.pk],
        )
