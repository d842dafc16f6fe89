"""Which days changed: the journal names every row that was touched, and the row names its days.

Transactions end in another order than they begin, so the journal is not read from an entry on but
from a transaction on: all before it had ended when the journal was last read, none is passed over,
and some are read twice, which does no harm.
"""

from datetime import date

from django.db import connection

# A change counts if it touched what figures are made of. Some days are named that need not be
# (an order that is cancelled names the day on which it was paid, too); none is left out.
CHANGED = """
WITH fresh AS MATERIALIZED (
  SELECT id, at FROM journal_entry WHERE xid >= %(xid)s::text::xid8
), changed AS MATERIALIZED (
  SELECT s.name, c.subject_id AS id, c.operation, c.before
  FROM fresh
  CROSS JOIN LATERAL (SELECT * FROM journal_change WHERE entry_id = fresh.id OFFSET 0) c
  JOIN journal_subject s ON s.id = c.subject
  JOIN (VALUES
    ('orders_order', '{placed_at,paid_at,cancelled_at,made_at,released_at,
      total_fen,paid_fen,shop_id,source}'::text[]),
    ('orders_line', '{order_id,quantity,total_fen,is_cancelled,sku_id,shop_code,title}'),
    ('warehouse_shipment',
      '{packed_at,shipped_at,delivered_at,pieces,weight_g,carrier_id,warehouse_id,shop_id}'),
    ('screening_hold', '{order_id,rule_id,placed_at,cleared_at}'),
    ('worklist_item', '{kind,opened_at,done_at,due_at,shop_id,warehouse_id}')
  ) made_of (name, facts) ON made_of.name = s.name
  WHERE c.operation <> 'U' OR c.before ?| facts OR c.after ?| facts
    OR s.name = 'orders_order'
      AND '{DRAFT,CANCELLED}' && ARRAY[c.before->>'stage', c.after->>'stage']
), orders AS (
  SELECT id FROM changed WHERE name = 'orders_order'
  UNION SELECT (SELECT order_id FROM orders_line WHERE id = c.id)
  FROM changed c WHERE name = 'orders_line'
  UNION SELECT (before->>'order_id')::bigint FROM changed WHERE name = 'orders_line'
), moments AS (
  SELECT at FROM fresh
  UNION ALL SELECT unnest((
    SELECT ARRAY[placed_at, paid_at, cancelled_at, made_at, released_at]
    FROM orders_order WHERE id = o.id)) FROM orders o
  UNION ALL SELECT unnest((
    SELECT ARRAY[packed_at, shipped_at, delivered_at] FROM warehouse_shipment WHERE id = c.id))
  FROM changed c WHERE name = 'warehouse_shipment'
  UNION ALL SELECT unnest((
    SELECT ARRAY[placed_at, cleared_at] FROM screening_hold WHERE id = c.id))
  FROM changed c WHERE name = 'screening_hold'
  UNION ALL SELECT unnest((
    SELECT ARRAY[opened_at, done_at] FROM worklist_item WHERE id = c.id))
  FROM changed c WHERE name = 'worklist_item'
  UNION ALL SELECT (before->>moment)::timestamptz
  FROM changed, unnest('{placed_at,paid_at,cancelled_at,made_at,released_at,packed_at,
    shipped_at,delivered_at,cleared_at,opened_at,done_at}'::text[]) moment WHERE before ? moment
)
SELECT DISTINCT (at AT TIME ZONE 'Asia/Shanghai')::date FROM moments WHERE at IS NOT NULL
"""

FIRST = """
SELECT (least(
  (SELECT min(placed_at) FROM orders_order), (SELECT min(paid_at) FROM orders_order),
  (SELECT min(at) FROM journal_entry)
) AT TIME ZONE 'Asia/Shanghai')::date
"""


def changed_since(xid: int) -> set[date]:
    """Return the days that a transaction changed which had not ended before this one."""
    with connection.cursor() as cursor:
        cursor.execute(CHANGED, {"xid": xid})
        return {on for (on,) in cursor.fetchall()}


def first_day() -> date | None:
    """Return the day with which the house's figures begin; None if nothing has happened yet."""
    with connection.cursor() as cursor:
        cursor.execute(FIRST)
        first: date | None = cursor.fetchone()[0]
    return first
