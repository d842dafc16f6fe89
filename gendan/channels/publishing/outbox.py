"""The outbox: who sends what, how it ended, and when it is tried again. A lease ends by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

LEASE = timedelta(minutes=2)
FIRST_WAIT, LONGEST_WAIT = 30, 3600  # seconds until the next try, doubled each time
IN_TROUBLE = 3  # tries after which a person should know

# Who began to send and never said how it went: a newer one has taken its place, or it goes again.
RECOVER = """
UPDATE channels_publication p SET held_until = NULL,
  state = CASE WHEN EXISTS (SELECT FROM channels_publication n
    WHERE n.code_id = p.code_id AND n.version > p.version) THEN 'SUPERSEDED' ELSE 'WAITING' END
WHERE p.shop_id = %(shop)s AND p.state = 'SENDING' AND p.held_until < %(now)s
"""

DUE = """
SELECT EXISTS (SELECT FROM channels_publication p JOIN channels_offer o ON o.code_id = p.code_id
  WHERE p.shop_id = %s AND p.state = 'WAITING' AND p.due_at <= %s AND o.item <> ''
    AND NOT EXISTS (SELECT FROM channels_publication s
      WHERE s.code_id = p.code_id AND s.state = 'SENDING'))
"""

# What is due of one item, the longest waiting first. Whoever is faster has it.
CLAIM = """
WITH first AS (
  SELECT o.item FROM channels_publication p JOIN channels_offer o ON o.code_id = p.code_id
  WHERE p.shop_id = %(shop)s AND p.state = 'WAITING' AND p.due_at <= %(now)s AND o.item <> ''
    AND NOT EXISTS (SELECT FROM channels_publication s
      WHERE s.code_id = p.code_id AND s.state = 'SENDING')
  ORDER BY p.due_at, p.id LIMIT 1
), due AS (
  SELECT p.id, o.item FROM first JOIN channels_offer o ON o.item = first.item
  JOIN channels_publication p ON p.code_id = o.code_id
  WHERE p.shop_id = %(shop)s AND p.state = 'WAITING' AND p.due_at <= %(now)s
    AND NOT EXISTS (SELECT FROM channels_publication s
      WHERE s.code_id = p.code_id AND s.state = 'SENDING')
  ORDER BY p.id LIMIT %(most)s FOR UPDATE OF p SKIP LOCKED
)
UPDATE channels_publication p SET state = 'SENDING', tries = p.tries + 1, held_until = %(until)s
FROM due, catalog_shopcode c WHERE p.id = due.id AND c.id = p.code_id
RETURNING p.id, due.item, c.code, p.quantity
"""

DONE = """
WITH done AS (
  UPDATE channels_publication SET state = 'DONE', done_at = %(now)s, held_until = NULL, trouble = ''
  WHERE id = ANY (%(ids)s::bigint[]) AND state = ANY (%(states)s::text[])
  RETURNING code_id, quantity, version, captured_at, file
)
UPDATE channels_offer o SET quantity = d.quantity, version = d.version,
  captured_at = d.captured_at, published_at = %(now)s,
  is_listed = CASE WHEN d.file = '' THEN o.is_listed ELSE d.quantity > 0 END
FROM done d WHERE o.code_id = d.code_id AND o.version < d.version
"""

FAILED = """
UPDATE channels_publication p SET state = 'SUPERSEDED', held_until = NULL, done_at = %(now)s
WHERE p.id = ANY (%(ids)s::bigint[]) AND p.state = 'SENDING' AND EXISTS (
  SELECT FROM channels_publication n WHERE n.code_id = p.code_id AND n.version > p.version);

UPDATE channels_publication SET state = 'WAITING', held_until = NULL, trouble = %(trouble)s,
  tries = CASE WHEN %(again)s THEN tries ELSE greatest(tries, %(many)s) END,
  due_at = %(now)s + make_interval(secs => CASE WHEN %(again)s
    THEN least(%(longest)s, %(first)s * 2 ^ least(tries - 1, 10)) ELSE %(longest)s END)
WHERE id = ANY (%(ids)s::bigint[]) AND state = 'SENDING'
"""

# Without a number of the platform's, an item can't be named to it.
NAMELESS = """
UPDATE channels_publication p SET trouble = %(trouble)s, tries = %(many)s
FROM channels_offer o
WHERE p.shop_id = %(shop)s AND p.state = 'WAITING' AND o.code_id = p.code_id AND o.item = ''
  AND p.trouble <> %(trouble)s
"""

TURN = """
SELECT item, sum(quantity) FROM channels_offer
WHERE shop_id = %s AND item <> '' GROUP BY item
HAVING count(quantity) = count(*) AND (sum(quantity) = 0) = bool_or(is_listed) ORDER BY item
"""

TURNED = "UPDATE channels_offer SET is_listed = %s WHERE shop_id = %s AND item = %s"

ALLOWANCE = """
INSERT INTO channels_bucket AS b (shop_id, tokens, at) VALUES (%(shop)s, %(burst)s - 1, %(now)s)
ON CONFLICT (shop_id) DO UPDATE SET at = greatest(b.at, excluded.at), tokens = least(%(burst)s,
  b.tokens + %(rate)s * greatest(0, extract(epoch FROM excluded.at - b.at))) - 1
WHERE least(%(burst)s,
  b.tokens + %(rate)s * greatest(0, extract(epoch FROM excluded.at - b.at))) >= 1
"""


Values = dict[str, Any]


@dataclass(frozen=True)
class Letter:
    """What one listing is told: the row of the outbox, the platform's item, our code, how many."""

    pk: int
    item: str
    code: str
    quantity: int


def recover(shop_id: int, *, now: datetime) -> int:
    """Give back what somebody began to send and never ended; return how many."""
    return _run(RECOVER, {"shop": shop_id, "now": now})


def is_due(shop_id: int, *, now: datetime) -> bool:
    """Tell whether anything of a shop can be sent now."""
    with connection.cursor() as cursor:
        cursor.execute(DUE, [shop_id, now])
        return bool(cursor.fetchone()[0])


def claim(shop_id: int, *, most: int, now: datetime) -> list[Letter]:
    """Take what is due of one item, so that nobody else sends it."""
    with transaction.atomic(), connection.cursor() as cursor:
        values: Values = {"shop": shop_id, "now": now, "most": most, "until": now + LEASE}
        cursor.execute(CLAIM, values)
        return [Letter(*row) for row in cursor.fetchall()]


def done(ids: Sequence[int], *, now: datetime, states: Sequence[str] = ("SENDING",)) -> int:
    """Note that the shop shows these now; what it shows in a newer version stays."""
    return _run(DONE, {"ids": list(ids), "now": now, "states": list(states)})


def failed(ids: Sequence[int], trouble: str, *, again: bool, now: datetime) -> int:
    """Let these wait for their next try, longer each time, unless newer ones have come."""
    limits = {"first": FIRST_WAIT, "longest": LONGEST_WAIT, "many": IN_TROUBLE}
    values = {"ids": list(ids), "trouble": trouble[:200], "again": again, "now": now, **limits}
    with transaction.atomic():
        return _run(FAILED, values)


def name_nameless(shop_id: int, trouble: str) -> int:
    """Say of what waits for an item number that it does; return how many are new."""
    return _run(NAMELESS, {"shop": shop_id, "trouble": trouble, "many": IN_TROUBLE})


def to_turn(shop_id: int) -> list[tuple[str, int]]:
    """Return the items that are to be listed (with how many pieces) or delisted (0)."""
    with connection.cursor() as cursor:
        cursor.execute(TURN, [shop_id])
        return [(str(item), int(number)) for item, number in cursor.fetchall()]


def turned(shop_id: int, item: str, *, is_listed: bool) -> None:
    """Note that an item is listed now, or is not."""
    _run(TURNED, [is_listed, shop_id, item])


def may_call(shop_id: int, *, rate: float, burst: int, now: datetime) -> bool:
    """Take one call of those the shop's platform allows, if there is one left."""
    values = {"shop": shop_id, "rate": rate, "burst": float(burst), "now": now}
    return _run(ALLOWANCE, values) == 1


def _run(statement: str, values: Values | Sequence[Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)
