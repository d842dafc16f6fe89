"""The act: staged rows of a chunk of orders become orders, in one transaction and one entry."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Event
from typing import Any

from django.db import connection
from django.utils import timezone

from gendan.channels.formats.format import Format
from gendan.channels.formats.states import RANK
from gendan.channels.intake import choose, follow
from gendan.channels.intake.acquaint import acquaint
from gendan.channels.intake.hands import with_both_hands
from gendan.channels.intake.locks import PARTS, lock_parts
from gendan.channels.intake.scripts import (
    ADDRESSES,
    BUYERS,
    CHANGE,
    CHANGED,
    CUSTOMERS,
    NEW,
    TOLD,
    TOLD_PART,
    TURN,
)
from gendan.channels.intake.stage import Progress
from gendan.channels.intake.step import step
from gendan.channels.models import IncomingFile
from gendan.journal.actors import Actor
from gendan.journal.writing import entry

_KNOWN = """ARRAY(SELECT (
  SELECT o.id FROM orders_order o WHERE o.shop_id = %(shop)s
    AND o.platform_order = c.platform_order AND o.platform_order <> '') FROM chosen c)"""
LOCK_KNOWN = f"""
SELECT FROM orders_order WHERE id = ANY({_KNOWN}) ORDER BY id FOR NO KEY UPDATE;
SELECT FROM orders_line WHERE order_id = ANY({_KNOWN}) ORDER BY id FOR NO KEY UPDATE
"""  # noqa: S608 (a text from above)
"""What is compared with the file must not be changed by somebody else before it is written."""

COUNT = """
SELECT count(*) FILTER (WHERE verdict = 'NEW'), count(*) FILTER (WHERE verdict = 'CHANGED'),
  count(*) FILTER (WHERE verdict IN ('SAME', 'OLDER')), max(platform_order),
  (SELECT count(*) FROM told_line)
FROM told
"""

WITHOUT_CUSTOMER = """
told WHERE verdict IN ('NEW', 'CHANGED') AND has_order AND customer_id IS NULL
"""

FORGET = """
DELETE FROM {staged} s USING chosen c, channels_incomingfile f
WHERE s.platform_order = c.platform_order AND f.id = s.file_id AND f.shop_id = %(shop)s
  AND f.state NOT IN ('WAITS', 'READING') AND (%(rows)s <> 'WHOLE' OR s.file_id = %(file)s)
"""


@dataclass(frozen=True, slots=True)
class _Outcome:
    new: int
    updated: int
    unchanged: int
    last: str
    lines: int


def act(file: IncomingFile, form: Format, *, orders: int, by: Actor, progress: Progress) -> None:
    """Make orders of everything that is staged of a file and ready; there are about `orders`."""

    def one_hand(parts: Sequence[int], stop: Event) -> None:
        after = ""
        while not stop.is_set() and acquaint(file, form, parts, after, by=by):
            outcome = _chunk(file, form, parts, after, by=by, now=timezone.now())
            if outcome is None:
                return
            after = outcome.last
            if 0 in parts:
                progress(_counted(file))

    if orders > choose.ORDERS and not connection.in_atomic_block:
        with_both_hands(one_hand)
        progress(_counted(file))
    else:
        one_hand(PARTS, Event())


def _counted(file: IncomingFile) -> IncomingFile:
    file.refresh_from_db()
    return file


@step()
def _chunk(
    file: IncomingFile, form: Format, parts: Sequence[int], after: str, *, by: Actor, now: datetime
) -> _Outcome | None:
    lock_parts(file.shop_id, parts)
    if not choose.choose(file, form, parts, after):
        return None
    names = choose.source(file, form)
    ranks: dict[str, Any] = {"states": [*RANK, "NONE"], "ranks": [*RANK.values(), 0]}
    with connection.cursor() as cursor:
        cursor.execute(LOCK_KNOWN, names)
        cursor.execute(TOLD_PART.format(columns="o.*"), names)
        cursor.execute(TOLD, {**names, **ranks})
        cursor.execute(COUNT)
        outcome = _Outcome(*cursor.fetchone())
        if outcome.new or outcome.updated:
            _write(file, outcome, by=by, now=now)
        for table in choose.STAGED:
            cursor.execute(FORGET.format(staged=table), names)
    _note(file, outcome)
    return outcome


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
    buyers = BUYERS.format(told=WITHOUT_CUSTOMER)
    with (
        entry("order.imported", by=by, file=file.name, shop=shop.code, **facts),
        connection.cursor() as cursor,
    ):
        for script in (buyers, TURN, CUSTOMERS, ADDRESSES, NEW, CHANGE):
            cursor.execute(script, names)
        if outcome.updated:
            cursor.execute(CHANGED, names)
        follow.move_on(by=by, now=now)
        follow.tell_people(shop, by=by, now=now)


NOTE = """
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
UPDATE channels_incomingfile SET new = new + %s, updated = updated + %s,
  unchanged = unchanged + %s, lines = lines + %s WHERE id = %s
"""
"""The other hand notes in the same row: what takes long is checked before, not with it locked."""


def _note(file: IncomingFile, outcome: _Outcome) -> None:
    """Count what became of the chunk; it stays only if the chunk does."""
    counts = [outcome.new, outcome.updated, outcome.unchanged, outcome.lines]
    with connection.cursor() as cursor:
        cursor.execute(NOTE, [*counts, file.pk])
