"""Proposing mistakes from what the house knows already; a person says why, and whose they were."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection

from gendan.insight.actions.waiting import Proposal, let_wait
from gendan.insight.models import FoundAt, MistakeSource
from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.models import Order

LOOKS_BACK = timedelta(days=30)
JOURNAL_BACK = timedelta(days=2)  # the journal is long, and read every quarter of an hour
BATCH = 5_000  # of one book and run: rows that the next run finds again

# Few parcels left after their own promise, which is the earliest of their orders; only their orders
# are looked at.
LATE = """
SELECT DISTINCT ON (o.id) o.id, NULL::bigint, s.id, 'BROKEN_PROMISE', s.shipped_at, o.id, ''
FROM warehouse_shipment s JOIN warehouse_shipmentline l ON l.shipment_id = s.id
JOIN orders_order o ON o.id = l.order_id
WHERE s.shipped_at >= %(since)s AND (s.promise_at IS NULL OR s.shipped_at > s.promise_at)
  AND s.shipped_at > o.promise_at ORDER BY o.id, s.shipped_at
"""
RECALLED = """
SELECT DISTINCT ON (s.id) l.order_id, NULL::bigint, s.id, 'OTHER', s.stage_since, s.id, ''
FROM warehouse_shipment s JOIN warehouse_shipmentline l ON l.shipment_id = s.id
WHERE s.stage = 'RECALLED' AND s.packed_at IS NOT NULL AND s.stage_since >= %(since)s
ORDER BY s.id, l.order_id
"""
# Whose address or name changed after the order was released: the last such act of each order.
ADDRESS = """
SELECT DISTINCT ON (o.id) o.id, NULL::bigint, NULL::bigint, 'WRONG_ADDRESS', e.at, o.id, e.why
FROM journal_entry e JOIN journal_change c ON c.entry_id = e.id AND c.operation = 'U'
JOIN journal_subject j ON j.id = c.subject AND j.name = 'orders_order'
JOIN orders_order o ON o.id = c.subject_id
WHERE e.at >= %(journal)s AND o.released_at < e.at
  AND c.after ?| ARRAY['province', 'city', 'district', 'street', 'address', 'receiver_phone',
    'receiver_name']
ORDER BY o.id, e.at DESC
"""
OBJECTION = """
SELECT i.subject_id, NULL::bigint, NULL::bigint, 'OTHER', i.opened_at, i.id,
  coalesce(i.facts->>'words', i.detail)
FROM worklist_item i WHERE i.kind = 'OBJECTION' AND i.subject = 'order' AND i.opened_at >= %(since)s
"""
PROBLEM = """
SELECT i.subject_id, NULL::bigint, NULL::bigint,
  CASE i.facts->>'problem' WHEN 'NOT_ARRIVED' THEN 'BROKEN_PROMISE' WHEN 'DAMAGED' THEN 'QUALITY'
    WHEN 'MISSING' THEN 'WRONG_QUANTITY' WHEN 'WRONG' THEN 'WRONG_GOODS'
    WHEN 'QUALITY' THEN 'QUALITY' WHEN 'ADDRESS' THEN 'WRONG_ADDRESS' ELSE 'OTHER' END,
  i.opened_at, i.id, concat_ws('：', nullif(i.detail, ''), i.facts->>'words')
FROM worklist_item i WHERE i.kind = 'CUSTOMER' AND i.subject = 'order' AND i.opened_at >= %(since)s
"""
REFUSED = """
SELECT DISTINCT ON (i.id) l.order_id, NULL::bigint, i.subject_id, 'OTHER', i.opened_at, i.id, ''
FROM worklist_item i JOIN warehouse_shipmentline l ON l.shipment_id = i.subject_id
WHERE i.kind = 'REFUSED' AND i.subject = 'shipment' AND i.opened_at >= %(since)s
ORDER BY i.id, l.order_id
"""
PROPOSE = """
INSERT INTO insight_mistake (order_id, line_id, shipment_id, shop_id, what, because, team, cost_fen,
  is_estimate, found_at, "where", words, done, state, source, source_id)
SELECT f.order_id, f.line_id, f.shipment_id, o.shop_id, f.what, '', '', 0, true, f.found_at,
  %(where)s, coalesce(f.words, ''), '', 'PROPOSED', %(source)s, f.source_id
FROM ({found}) AS f (order_id, line_id, shipment_id, what, found_at, source_id, words)
JOIN orders_order o ON o.id = f.order_id
WHERE NOT EXISTS (
  SELECT FROM insight_mistake m WHERE m.source = %(source)s AND m.source_id = f.source_id)
ORDER BY f.source_id LIMIT %(limit)s
ON CONFLICT DO NOTHING
RETURNING id, order_id, shop_id, what
"""
ANY_NEW = """
SELECT EXISTS (
  SELECT FROM ({found}) AS f (order_id, line_id, shipment_id, what, found_at, source_id, words)
  WHERE NOT EXISTS (
    SELECT FROM insight_mistake m WHERE m.source = %(source)s AND m.source_id = f.source_id))
"""


class Reading(NamedTuple):
    """One of the house's books: which rows of it were mistakes, and where those were found."""

    source: MistakeSource
    where: FoundAt
    found: str


READINGS = (
    Reading(MistakeSource.LATE, FoundAt.DELIVERY, LATE),
    Reading(MistakeSource.RECALLED, FoundAt.PACKING, RECALLED),
    Reading(MistakeSource.ADDRESS, FoundAt.SCREENING, ADDRESS),
    Reading(MistakeSource.OBJECTION, FoundAt.CUSTOMER, OBJECTION),
    Reading(MistakeSource.PROBLEM, FoundAt.CUSTOMER, PROBLEM),
    Reading(MistakeSource.REFUSED, FoundAt.DELIVERY, REFUSED),
)


def propose(*, by: Actor, now: datetime, limit: int = BATCH) -> int:
    """Propose what the books say went wrong, each once; return how many are new.

    Every proposal waits for somebody to say why it happened, and whose it was.
    """
    fresh = [reading for reading in READINGS if _has_news(reading, now)]
    if not fresh:
        return 0
    with entry("mistake.proposed", by=by):
        made = [row for reading in fresh for row in _propose(reading, now, limit)]
        numbers = _numbers([order for _pk, order, _shop, _what in made])
        news = [Proposal(pk, numbers[order], shop, what) for pk, order, shop, what in made]
        let_wait(news, by=by, now=now)
    return len(made)


def _asked(reading: Reading, now: datetime) -> dict[str, Any]:
    return {
        "source": reading.source,
        "where": reading.where,
        "since": now - LOOKS_BACK,
        "journal": now - JOURNAL_BACK,
    }


def _has_news(reading: Reading, now: datetime) -> bool:
    """Look first, so that nothing is written down where nothing happened."""
    with connection.cursor() as cursor:
        cursor.execute(ANY_NEW.format(found=reading.found), _asked(reading, now))
        return bool(cursor.fetchone()[0])


def _propose(reading: Reading, now: datetime, limit: int) -> list[tuple[int, int, int, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            PROPOSE.format(found=reading.found), {**_asked(reading, now), "limit": limit}
        )
        return list(cursor.fetchall())


def _numbers(orders: list[int]) -> dict[int, str]:
    return dict(Order.objects.numbered(orders).values_list("pk", "number"))
