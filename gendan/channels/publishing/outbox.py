"""The outbox: who sends what, how it ended, and when it is tried again. A lease ends by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

LEASE = timedelta(minutes=2)
FIRST_WAIT, LONGEST_WAIT = 30, 3600  # seconds until the next try, doubled each time
IN_TROUBLE = 3  # tries after which a person should know

# A capture writes listings by the thousand, and has them to itself (`capture.ALONE`). Who changes
# some of them waits until it has ended, so that neither ever waits for the other in a circle.
BESIDE_OTHERS = "SELECT pg_advisory_xact_lock_shared(hashtext('gendan.publishing'))"

# Who began to send and never said how it went: a newer one has taken its place, or it goes again.
RECOVER = """
UPDATE channels_publication p SET held_until = NULL,
  state = CASE WHEN n.is_newer THEN 'SUPERSEDED' ELSE 'WAITING' END,
  done_at = CASE WHEN n.is_newer THEN %(now)s::timestamptz END
FROM channels_publication s CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM channels_publication n
  WHERE n.code_id = s.code_id AND n.version > s.version) AS is_newer) n
WHERE s.id = p.id AND p.shop_id = %(shop)s AND p.state = 'SENDING' AND p.held_until < %(now)s
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
), locked AS (
  SELECT code_id FROM channels_offer WHERE code_id IN (SELECT code_id FROM done)
  ORDER BY code_id FOR NO KEY UPDATE
)
UPDATE channels_offer o SET quantity = d.quantity, version = d.version,
  captured_at = d.captured_at, published_at = %(now)s,
  is_listed = CASE WHEN d.file = '' THEN o.is_listed ELSE d.quantity > 0 END
FROM done d JOIN locked USING (code_id) WHERE o.code_id = d.code_id AND o.version < d.version
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
WITH locked AS (
  SELECT p.id FROM channels_publication p JOIN channels_offer o ON o.code_id = p.code_id
  WHERE p.shop_id = %(shop)s AND p.state = 'WAITING' AND o.item = '' AND p.trouble <> %(trouble)s
  ORDER BY p.id FOR NO KEY UPDATE OF p
)
UPDATE channels_publication p SET trouble = %(trouble)s, tries = %(many)s
FROM locked WHERE p.id = locked.id
"""

# Nothing is left of an item that is on sale, or something of one that is not.
WANTS_TO_TURN = "count(quantity) = count(*) AND (sum(quantity) = 0) = bool_or(is_listed)"
TURN = f"""
SELECT item, sum(quantity) FROM channels_offer o
WHERE shop_id = %(shop)s AND item <> '' AND NOT EXISTS (SELECT FROM channels_refusedturn r
  WHERE r.shop_id = o.shop_id AND r.item = o.item AND r.due_at > %(now)s)
GROUP BY item HAVING {WANTS_TO_TURN} ORDER BY item
"""  # noqa: S608 (the text above)
# Goods came back, or the item goes by another number.
NEED_NOT_TURN = f"""
DELETE FROM channels_refusedturn r WHERE NOT EXISTS (SELECT FROM channels_offer o
  WHERE o.shop_id = r.shop_id AND o.item = r.item GROUP BY o.item HAVING {WANTS_TO_TURN})
"""  # noqa: S608 (the text above)

TURNED = """
WITH locked AS (
  SELECT code_id FROM channels_offer WHERE shop_id = %(shop)s AND item = %(item)s
  ORDER BY code_id FOR NO KEY UPDATE
)
UPDATE channels_offer o SET is_listed = %(is_listed)s FROM locked WHERE o.code_id = locked.code_id;
DELETE FROM channels_refusedturn WHERE shop_id = %(shop)s AND item = %(item)s
"""

NOT_TURNED = """
INSERT INTO channels_refusedturn AS r (shop_id, item, tries, due_at, trouble)
VALUES (%(shop)s, %(item)s, 1, %(now)s + make_interval(secs => %(first)s), %(trouble)s)
ON CONFLICT (shop_id, item) DO UPDATE SET tries = r.tries + 1, trouble = excluded.trouble,
  due_at = %(now)s + make_interval(
    secs => least(%(longest)s, %(first)s * 2 ^ least(r.tries, 10)))
"""

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
    return _write(RECOVER, {"shop": shop_id, "now": now})


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
    return _write(DONE, {"ids": list(ids), "now": now, "states": list(states)})


def failed(ids: Sequence[int], trouble: str, *, again: bool, now: datetime) -> int:
    """Let these wait for their next try, longer each time, unless newer ones have come."""
    limits = {"first": FIRST_WAIT, "longest": LONGEST_WAIT, "many": IN_TROUBLE}
    values = {"ids": list(ids), "trouble": trouble[:200], "again": again, "now": now, **limits}
    return _write(FAILED, values)


def name_nameless(shop_id: int, trouble: str) -> int:
    """Say of what waits for an item number that it does; return how many are new."""
    return _write(NAMELESS, {"shop": shop_id, "trouble": trouble, "many": IN_TROUBLE})


def to_turn(shop_id: int, *, now: datetime) -> list[tuple[str, int]]:
    """Return the items that are to be listed (with how many pieces) or delisted (0) now."""
    with connection.cursor() as cursor:
        cursor.execute(TURN, {"shop": shop_id, "now": now})
        return [(str(item), int(number)) for item, number in cursor.fetchall()]


def turned(shop_id: int, item: str, *, is_listed: bool) -> None:
    """Note that an item is listed now, or is not."""
    _write(TURNED, {"is_listed": is_listed, "shop": shop_id, "item": item})


def not_turned(shop_id: int, item: str, trouble: str, *, now: datetime) -> None:
    """Let an item that would not be listed or delisted wait for its next try, longer each time."""
    limits = {"first": FIRST_WAIT, "longest": LONGEST_WAIT}
    _write(
        NOT_TURNED, {"shop": shop_id, "item": item, "trouble": trouble[:200], "now": now, **limits}
    )


def may_call(shop_id: int, *, rate: float, burst: int, now: datetime) -> bool:
    """Take one call of those the shop's platform allows, if there is one left."""
    values = {"shop": shop_id, "rate": rate, "burst": float(burst), "now": now}
    return _run(ALLOWANCE, values) == 1


def forget_refused() -> None:
    """Forget the refusals of items that need not be listed or delisted any more."""
    _run(NEED_NOT_TURN, {})


def beside_others() -> None:
    """Wait until no capture is under way; none begins before this transaction has ended."""
    with connection.cursor() as cursor:
        cursor.execute(BESIDE_OTHERS)


@transaction.atomic
def _write(statement: str, values: Values) -> int:
    beside_others()
    return _run(statement, values)


def _run(statement: str, values: Values) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)
