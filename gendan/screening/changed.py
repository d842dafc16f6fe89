"""What has changed about released orders since: read from the journal, which names every change.

So the way of an order costs nothing for it. As in `insight`, the journal is read from a
transaction on, not from an entry on: none is passed over, and some are read twice.
"""

from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from gendan.screening.models import Lookout
from gendan.screening.rules import CHANGED

# Columns of an order, and as which field of the finding language they are named.
WATCHED = {
    "buyer_remark": "buyer_remark",
    "seller_remark": "seller_remark",
    "receiver_name": "receiver",
    "receiver_phone": "phone",
    "province": "address",
    "city": "address",
    "district": "address",
    "street": "address",
    "address": "address",
    "carrier_wish": "carrier_wish",
    "wish_on": "wish_on",
}

# New orders, and what the house itself adds to them, change nothing that a reviewer has to see
# again; other goods that a customer chose where some were short do. A change counts if the order
# was not released after it, if something of it is not packed yet, and if nobody has been asked
# about it. What a platform says of an order that follows it no longer is known by the work item.
SINCE = """
WITH fresh AS MATERIALIZED (
  SELECT id, actor_name FROM journal_entry WHERE xid >= %(xid)s::text::xid8
    AND verb NOT IN ('order.placed', 'order.rewritten', 'order.screened', 'stock.reserved',
      'order.sets_exploded', 'order.gifts_given', 'order.gifts_together', 'gifts.skipped',
      'gifts.taken_back', 'stock.served_in_part')
    AND facts->>'updated' IS DISTINCT FROM '0'
), touched AS MATERIALIZED (
  SELECT c.id, s.name, c.subject_id, c.operation, c.before, c.after, fresh.actor_name
  FROM fresh
  CROSS JOIN LATERAL (SELECT * FROM journal_change WHERE entry_id = fresh.id OFFSET 0) c
  JOIN journal_subject s ON s.id = c.subject
  WHERE s.name = 'orders_order' AND c.operation = 'U'
      AND (c.before ?| %(columns)s::text[] OR c.after ?| %(columns)s::text[])
    OR s.name = 'orders_line' AND (c.operation = 'I' OR c.operation = 'U'
      AND (c.before ?| %(goods)s::text[] OR c.after ?| %(goods)s::text[]))
    OR s.name IN ('orders_instruction', 'orders_invoice')
), named AS (
  SELECT t.subject_id AS order_id, n.field, t.id, t.actor_name FROM touched t
  JOIN unnest(%(columns)s::text[], %(fields)s::text[]) AS n (name, field)
    ON t.before ? n.name OR t.after ? n.name
  WHERE t.name = 'orders_order'
  UNION ALL
  SELECT l.order_id, 'goods', t.id, t.actor_name FROM touched t JOIN orders_line l
    ON l.id = t.subject_id AND l.part_of_id IS NULL AND NOT (l.is_gift AND l.sub_order = '')
  WHERE t.name = 'orders_line'
  UNION ALL
  SELECT coalesce(i.order_id, (t.before->>'order_id')::bigint), 'instruction', t.id, t.actor_name
  FROM touched t LEFT JOIN orders_instruction i ON i.id = t.subject_id
  WHERE t.name = 'orders_instruction'
  UNION ALL
  SELECT coalesce(i.order_id, (t.before->>'order_id')::bigint), 'invoice', t.id, t.actor_name
  FROM touched t LEFT JOIN orders_invoice i ON i.id = t.subject_id
  WHERE t.name = 'orders_invoice'
), changed AS (
  SELECT n.order_id, n.field, n.id, n.actor_name FROM named n
  WHERE n.id > coalesce((
      SELECT max(c.id) FROM journal_change c WHERE c.subject_id = n.order_id
        AND c.subject = (SELECT id FROM journal_subject WHERE name = 'orders_order')
        AND c.after ? 'released_at'), 0)
    AND NOT EXISTS (
      SELECT FROM screening_hold h JOIN screening_rule r ON r.id = h.rule_id AND r.code = %(rule)s
      WHERE h.order_id = n.order_id AND (h.evidence->>'upto')::bigint >= n.id)
  UNION ALL
  SELECT i.subject_id, t.field, 0, coalesce(p.name, 'platform')
  FROM worklist_item i JOIN orders_order o ON o.id = i.subject_id AND i.opened_at > o.released_at
  JOIN people_shop p ON p.id = o.shop_id
  CROSS JOIN LATERAL (VALUES ('address', 'place'), ('goods', 'lines')) t (field, word)
  WHERE i.kind = 'PLATFORM' AND i.subject = 'order' AND i.done_at IS NULL
    AND i.detail LIKE '%%' || t.word || '%%' AND NOT EXISTS (
      SELECT FROM screening_hold h JOIN screening_rule r ON r.id = h.rule_id AND r.code = %(rule)s
      WHERE h.order_id = i.subject_id AND h.placed_at >= i.opened_at)
)
SELECT o.id, array_agg(DISTINCT c.field ORDER BY c.field), max(c.id),
  (array_agg(c.actor_name ORDER BY c.id DESC))[1]
FROM changed c JOIN orders_order o ON o.id = c.order_id
WHERE o.stage IN ('READY', 'SHORT') OR o.stage = 'ALLOCATED' AND (
  EXISTS (SELECT FROM warehouse_shipmentline sl JOIN warehouse_shipment s ON s.id = sl.shipment_id
    WHERE sl.order_id = o.id AND s.stage IN ('PLANNED', 'RELEASED', 'PICKED'))
  OR NOT EXISTS (SELECT FROM warehouse_shipmentline sl JOIN warehouse_shipment s
    ON s.id = sl.shipment_id WHERE sl.order_id = o.id AND s.stage NOT IN ('RECALLED', 'RETURNED')))
GROUP BY o.id ORDER BY o.id
"""
TAKE = """
INSERT INTO screening_lookout (id, xid) VALUES (1, 0)
ON CONFLICT (id) DO UPDATE SET xid = screening_lookout.xid RETURNING xid
"""
ENDED = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint"


class Changed(NamedTuple):
    """Which fields of an order changed, up to which change of the journal, and by whom last."""

    order_id: int
    fields: list[str]
    upto: int
    who: str


def changed_since_last_time() -> list[Changed]:
    """Return the released orders that changed, and remember how far the journal was read.

    The first time everything is as it was screened.
    """
    with connection.cursor() as cursor:
        cursor.execute(TAKE)  # and keep others waiting
        (read,) = cursor.fetchone()
        cursor.execute(ENDED)  # what is not seen below is read next time
        (ended,) = cursor.fetchone()
        found = _since(read) if read else []
        Lookout.objects.update(xid=ended)
    return found


def _since(xid: int) -> list[Changed]:
    names: dict[str, Any] = {
        "xid": xid,
        "columns": list(WATCHED),
        "fields": list(WATCHED.values()),
        "goods": ["sku_id", "quantity", "is_cancelled"],
        "rule": CHANGED,
    }
    with connection.cursor() as cursor:
        cursor.execute(SINCE, names)
        return [Changed(*row) for row in cursor.fetchall()]


def evidence_of(changed: Changed, now: datetime) -> dict[str, object]:
    """Return what the reviewer is shown."""
    return {
        "changed": changed.fields,
        "by": changed.who,
        "noticed": now.isoformat(),
        "upto": changed.upto,
    }
