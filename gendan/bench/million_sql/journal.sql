-- The journal of all this: the acts, and the changes that the triggers would have written.

INSERT INTO journal_entry (id, at, verb, actor_kind, actor_id, actor_name, why, facts)
OVERRIDING SYSTEM VALUE
SELECT a.id, a.at, a.verb, CASE WHEN p.id IS NULL THEN 'JOB' ELSE 'PERSON' END, p.id,
  coalesce(p.name, 'bench'), CASE WHEN a.verb = 'order.cancelled' THEN '买家不想要了' ELSE '' END,
  jsonb_build_object('count', a.of_rows)
FROM bench.acts a LEFT JOIN bench.person p
  ON a.verb IN ('order.cancelled', 'shipment.packed', 'shipment.picked', 'shipment.released',
    'shipment.shipped', 'order.imported')
  AND p.k = bench.throw(a.id, 80, (SELECT count(*)::int FROM bench.person));

INSERT INTO journal_change (entry_id, subject, operation, subject_id)
SELECT a.id, n.subject, 'I', n.id
FROM bench.orders o
JOIN bench.acts a
  ON a.verb = 'order.imported' AND a.key = bench.hour(o.made_at) * 64 + o.shop_id
CROSS JOIN LATERAL (
  SELECT bench.subject('orders_order') AS subject, o.i AS id
  UNION ALL SELECT bench.subject('orders_line'), o.i * 5 - 5 + p FROM generate_series(1, o.lines) p
) n;

INSERT INTO journal_change (entry_id, subject, operation, subject_id)
SELECT a.id, n.subject, 'I', n.id
FROM bench.orders o
JOIN bench.acts a ON a.verb = 'shipment.planned' AND a.key = bench.hour(o.planned_at)
CROSS JOIN LATERAL (
  SELECT bench.subject('warehouse_shipment') AS subject, o.i AS id
  UNION ALL SELECT bench.subject('warehouse_shipmentline'), o.i * 5 - 5 + p
  FROM generate_series(1, o.lines) p
) n;

INSERT INTO journal_change (entry_id, subject, operation, subject_id, before, after)
SELECT a.id, bench.subject(m.of_table), 'U', o.i,
  jsonb_build_object('stage', m.left_stage, 'stage_since', m.since),
  jsonb_strip_nulls(jsonb_build_object('stage', m.came, 'stage_since', m.at,
    'released_at', CASE WHEN m.verb = 'order.screened' AND m.came = 'READY' THEN m.at END,
    'packed_at', CASE WHEN m.came = 'PACKED' THEN m.at END,
    'shipped_at', CASE WHEN m.came = 'SHIPPED' THEN m.at END,
    'delivered_at', CASE WHEN m.verb = 'shipment.delivered' AND m.came = 'DELIVERED' THEN m.at END,
    'completed_at', CASE WHEN m.came = 'COMPLETED' THEN m.at END,
    'cancelled_at', CASE WHEN m.came = 'CANCELLED' THEN m.at END))
FROM bench.orders o CROSS JOIN LATERAL (VALUES
  ('orders_order', 'order.screened', bench.hour(released_at), 'SCREENING', made_at, 'READY',
    released_at, past >= 5),
  ('orders_order', 'order.screened', bench.hour(made_at), 'SCREENING', made_at, 'HELD', made_at,
    step = 'HELD'),
  ('orders_order', 'stock.reserved', bench.hour(allocated_at), 'READY', released_at, 'ALLOCATED',
    allocated_at, past >= 7),
  ('orders_order', 'stock.reserved', bench.hour(released_at), 'READY', released_at, 'SHORT',
    released_at, step = 'SHORT'),
  ('orders_order', 'order.completed', bench.hour(completed_at), 'ALLOCATED', allocated_at,
    'COMPLETED', completed_at, past = 14),
  ('orders_order', 'order.cancelled', i::bigint, 'SCREENING', made_at, 'CANCELLED', cancelled_at,
    step = 'CANCELLED'),
  ('warehouse_shipment', 'shipment.released', bench.hour(waved_at) * 64 + warehouse_id, 'PLANNED',
    planned_at, 'RELEASED', waved_at, past >= 9),
  ('warehouse_shipment', 'shipment.picked', bench.hour(picked_at) * 64 + warehouse_id, 'RELEASED',
    waved_at, 'PICKED', picked_at, past >= 10),
  ('warehouse_shipment', 'shipment.packed', i, 'PICKED', picked_at, 'PACKED', packed_at,
    past >= 11),
  ('warehouse_shipment', 'shipment.shipped', bench.hour(shipped_at) * 64 + warehouse_id, 'PACKED',
    packed_at, 'SHIPPED', shipped_at, past >= 12),
  ('warehouse_shipment', 'shipment.delivered', bench.hour(delivered_at), 'SHIPPED', shipped_at,
    CASE WHEN past = 14 AND mishap = 0 THEN 'REFUSED' WHEN past = 14 AND mishap = 1 THEN 'LOST'
      ELSE 'DELIVERED' END, delivered_at, past >= 13)
) m (of_table, verb, key, left_stage, since, came, at, is_so)
JOIN bench.acts a ON a.verb = m.verb AND a.key = m.key
WHERE m.is_so;

INSERT INTO journal_change (entry_id, subject, operation, subject_id, before, after)
SELECT a.id, bench.subject('orders_line'), 'U', l.id, '{"shipped": 0}',
  jsonb_build_object('shipped', l.quantity)
FROM bench.orders o
JOIN bench.acts a ON a.verb = 'shipment.shipped'
  AND a.key = bench.hour(o.shipped_at) * 64 + o.warehouse_id
JOIN bench.lines l USING (i)
WHERE o.past >= 12;

INSERT INTO journal_change (entry_id, subject, operation, subject_id)
SELECT a.id, bench.subject('orders_payment'), 'I', p.id
FROM orders_payment p JOIN bench.orders o ON o.i = p.order_id
JOIN bench.acts a ON p.amount_fen > 0 AND a.verb = 'order.imported'
  AND a.key = bench.hour(o.made_at) * 64 + o.shop_id;
