"""Adding orders up again: goods against lines, payments, pieces shipped and returned."""

from collections.abc import Iterator

from django.db import connection

from gendan.journal.retelling import retold
from gendan.orders.stages import Stage
from gendan.ui.findings import Finding, findings

# Names are looked up for what is wrong only: joined, they would cost more than the adding up.
GOODS = """
SELECT 'order', o.number, 'value of the goods (fen)', coalesce(l.total_fen, 0), o.goods_fen
FROM orders_order o LEFT JOIN (
  SELECT order_id, sum(total_fen) FILTER (WHERE NOT is_cancelled) AS total_fen FROM orders_line
  GROUP BY order_id
) l ON l.order_id = o.id
WHERE coalesce(l.total_fen, 0) <> o.goods_fen
"""

TOTALS = """
SELECT 'order', number, 'to pay (fen)', goods_fen - discount_fen + postage_fen + adjust_fen,
  total_fen
FROM orders_order WHERE total_fen <> goods_fen - discount_fen + postage_fen + adjust_fen
"""

PAYMENTS = """
SELECT 'order', o.number, n.what, n.expected, n.found
FROM orders_order o
LEFT JOIN (
  SELECT order_id, coalesce(sum(amount_fen) FILTER (WHERE amount_fen > 0), 0) AS paid,
    coalesce(-sum(amount_fen) FILTER (WHERE amount_fen < 0), 0) AS refunded
  FROM orders_payment GROUP BY order_id
) p ON p.order_id = o.id
CROSS JOIN LATERAL (VALUES
  ('paid (fen)', coalesce(p.paid, 0), o.paid_fen),
  ('refunded (fen)', coalesce(p.refunded, 0), o.refunded_fen)) n (what, expected, found)
WHERE (coalesce(p.paid, 0), coalesce(p.refunded, 0)) <> (o.paid_fen, o.refunded_fen)
  AND n.expected <> n.found
"""

LINES = """
SELECT 'order', (SELECT number FROM orders_order WHERE id = l.order_id) || '/' || l.position,
  n.what, n.expected, n.found
FROM orders_line l
CROSS JOIN LATERAL (VALUES
  ('total (fen)', l.quantity * l.price_fen - l.discount_fen,
    l.total_fen, l.total_fen = l.quantity * l.price_fen - l.discount_fen),
  ('shipped, at most', l.quantity, l.shipped, l.shipped <= l.quantity),
  ('returned, at most', l.shipped, l.returned, l.returned <= l.shipped)
) n (what, expected, found, fits)
WHERE NOT (l.total_fen = l.quantity * l.price_fen - l.discount_fen
    AND l.shipped <= l.quantity AND l.returned <= l.shipped)
  AND NOT n.fits
"""

ANSWERS = """
SELECT 'confirmation', o.number, n.what, n.expected, n.found
FROM orders_confirmation c JOIN orders_order o ON o.id = c.order_id
CROSS JOIN LATERAL (VALUES
  ('instant of the answer', 'one', 'none',
    c.answer IN ('CONFIRMED', 'OBJECTED') AND c.answered_at IS NULL),
  ('instant of the answer', 'none', 'one',
    c.answer IN ('WAITING', 'REPLACED') AND c.answered_at IS NOT NULL),
  ('contents of version ' || c.version, '1', 'several', c.digest <> '' AND EXISTS (
    SELECT FROM orders_confirmation d WHERE d.order_id = c.order_id
      AND d.version = c.version AND d.digest <> c.digest AND d.digest <> ''))
) n (what, expected, found, is_wrong) WHERE n.is_wrong
"""

CHECKED_TWICE = """
SELECT 'order', o.number, 'second check', 'by another person', 'by the same'
FROM orders_check a JOIN orders_check b ON b.order_id = a.order_id AND b.round = 2
JOIN orders_order o ON o.id = a.order_id
WHERE a.round = 1 AND a.by_id = b.by_id AND a.digest = b.digest
"""

QUESTIONS = """
SELECT 'order', o.number, 'work item of an open question', 'one', 'none'
FROM orders_question q JOIN orders_order o ON o.id = q.order_id
WHERE q.answered_at IS NULL AND NOT EXISTS (
  SELECT FROM worklist_item i WHERE i.kind = 'QUESTION' AND i.subject = 'order'
    AND i.subject_id = q.order_id)
"""

FINISHED = """
SELECT 'order', o.number, 'open work item', 'none', i.kind
FROM worklist_item i JOIN orders_order o ON o.id = i.subject_id
WHERE i.done_at IS NULL AND i.subject = 'order' AND i.kind IN ('HELD', 'APPROVAL')
  AND o.stage = 'COMPLETED'
"""

# What is lost with a cancelled order or line is counted within a minute.
GIFTS = """
SELECT 'gift rule', r.name, 'given', coalesce(g.pieces, 0), r.given
FROM orders_giftrule r LEFT JOIN (
  SELECT rule_id, sum(quantity) AS pieces FROM orders_giftline WHERE taken_back_at IS NULL
  GROUP BY rule_id) g ON g.rule_id = r.id
WHERE coalesce(g.pieces, 0) <> r.given
"""

# A set has parts, its parts belong to the same order, and what becomes of it becomes of them.
SETS = """
SELECT 'order', (SELECT number FROM orders_order WHERE id = s.order_id) || '/' || s.position,
  n.what, n.expected, n.found
FROM orders_line s LEFT JOIN LATERAL (
  SELECT count(*) AS parts, count(*) FILTER (WHERE p.order_id <> s.order_id) AS strangers,
    count(*) FILTER (WHERE p.is_set) AS sets,
    count(*) FILTER (WHERE NOT p.is_cancelled AND (s.is_cancelled OR
      p.refund_state <> s.refund_state)) AS otherwise
  FROM orders_line p WHERE p.part_of_id = s.id) c ON true
CROSS JOIN LATERAL (VALUES
  ('parts of the set', 'some', 'none', c.parts = 0),
  ('parts of another order', 'none', c.strangers::text, c.strangers > 0),
  ('sets in the set', 'none', c.sets::text, c.sets > 0),
  ('parts that are not cancelled or refunded like the set', 'none', c.otherwise::text,
    c.otherwise > 0)) n (what, expected, found, is_wrong)
WHERE s.is_set AND n.is_wrong
"""

# The first version is the order as it was placed; each change that was carried out made the next.
VERSIONS = """
SELECT 'order', (SELECT number FROM orders_order WHERE id = a.order_id), 'versions made',
  '2 to ' || count(*) + 1, min(a.version) || ' to ' || max(a.version)
FROM orders_amendment a WHERE a.state = 'CONFIRMED'
GROUP BY a.order_id HAVING min(a.version) <> 2 OR max(a.version) <> count(*) + 1
"""

# What an order said after a change adds up, and differs from before by what the change says.
AMENDED = """
SELECT 'amendment', a.number, n.what, n.expected, n.found
FROM orders_amendment a
CROSS JOIN LATERAL (SELECT
  (a.after->>'total_fen')::bigint AS total, (a.before->>'total_fen')::bigint AS before,
  (a.after->>'goods_fen')::bigint - (a.after->>'discount_fen')::bigint
    + (a.after->>'postage_fen')::bigint + (a.after->>'adjust_fen')::bigint AS parts) s
CROSS JOIN LATERAL (VALUES
  ('to pay after it (fen)', s.parts, s.total),
  ('difference (fen)', s.total - s.before, a.difference_fen)) n (what, expected, found)
WHERE a.state = 'CONFIRMED' AND n.expected IS DISTINCT FROM n.found
"""

CHASED = """
SELECT 'order', o.number, 'words about payment, held out', '0', count(*)::text
FROM orders_chase c JOIN orders_order o ON o.id = c.order_id
JOIN orders_chasetouch t ON t.chase_id = c.id
WHERE c.is_held_out GROUP BY o.number
"""

OFFERED = """
SELECT 'order', o.number, 'offer taken', 'paid', o.stage FROM orders_chaseoffer f
JOIN orders_chase c ON c.id = f.chase_id JOIN orders_order o ON o.id = c.order_id
WHERE f.state = 'TAKEN' AND o.paid_at IS NULL
"""

SAMPLED = """
SELECT 'sample', s.id::text, 'faults of a document that nobody judged', '0', count(*)::text
FROM orders_sample s JOIN orders_samplefault f ON f.sample_id = s.id
WHERE s.judged_at IS NULL GROUP BY s.id
"""

CHECKS = (
    CHASED,
    OFFERED,
    GIFTS,
    SETS,
    GOODS,
    TOTALS,
    PAYMENTS,
    LINES,
    FINISHED,
    VERSIONS,
    AMENDED,
    ANSWERS,
    CHECKED_TWICE,
    QUESTIONS,
    SAMPLED,
)


def differences() -> Iterator[Finding]:
    """Yield everything about orders that does not add up."""
    with connection.cursor() as cursor:
        for check in CHECKS:
            cursor.execute(check)
            yield from findings("orders", cursor.fetchall())
    yield from findings("orders", retold("orders_order", "order", Stage.values))
