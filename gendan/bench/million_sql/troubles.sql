-- Holds, and what waits for people or did.

INSERT INTO screening_hold (order_id, rule_id, severity, evidence, placed_at, cleared_at,
  cleared_by_id, cleared_why)
SELECT o.i, r.id, r.severity, '{}', o.made_at, h.cleared_at,
  CASE WHEN h.cleared_at IS NOT NULL THEN 1 + (SELECT min(id) FROM bench.person) END,
  CASE WHEN h.cleared_at IS NULL THEN '' ELSE '已核对' END
FROM bench.orders o
CROSS JOIN LATERAL (SELECT CASE WHEN o.step <> 'HELD'
  THEN coalesce(released_at, cancelled_at) END AS cleared_at) h
JOIN screening_rule r
  ON r.code = CASE WHEN o.mishap < 250 AND o.step = 'HELD' THEN 'UNMAPPED' ELSE
    (SELECT (array_agg(code ORDER BY code))[1 + o.mishap % count(*)] FROM screening_rule
     WHERE code NOT IN ('UNMAPPED')) END
WHERE o.step = 'HELD' OR o.mishap BETWEEN 900 AND 979 AND h.cleared_at IS NOT NULL;

INSERT INTO worklist_item (kind, role, subject, subject_id, detail, facts, priority, opened_at,
  due_at, done_at, done_by_id, outcome, shop_id, warehouse_id)
SELECT w.kind, w.role, w.subject, o.i, '',
  CASE w.subject
    WHEN 'order' THEN (SELECT jsonb_build_object('order', number) FROM orders_order WHERE id = o.i)
    ELSE (SELECT jsonb_build_object('number', number) FROM warehouse_shipment WHERE id = o.i) END,
  0, w.opened_at,
  w.opened_at + interval '1 hour' * w.hours, w.done_at,
  CASE WHEN w.done_at IS NOT NULL THEN (SELECT min(id) FROM bench.person) END,
  CASE WHEN w.done_at IS NULL THEN '' ELSE '已处理' END,
  o.shop_id, CASE WHEN w.subject = 'shipment' THEN o.warehouse_id END
FROM bench.orders o
CROSS JOIN LATERAL (VALUES
  ('HELD', 'REVIEWER', 'order', o.step = 'HELD', made_at, NULL::timestamptz, 1),
  ('HELD', 'REVIEWER', 'order', o.mishap BETWEEN 900 AND 979 AND released_at IS NOT NULL, made_at,
    released_at, 1),
  ('SHORT', 'MERCHANDISER', 'order', o.step = 'SHORT', released_at, NULL, 4),
  ('UNPAID', 'SERVICE', 'order', o.step = 'UNPAID', made_at, NULL, 2),
  ('UNCONFIRMED', 'SERVICE', 'order', o.step = 'UNCONFIRMED', made_at, NULL, 1),
  ('NO_MOVEMENT', 'MERCHANDISER', 'shipment', o.past = 12 AND o.mishap < 30, shipped_at, NULL, 4),
  ('NOT_SIGNED', 'SERVICE', 'shipment', o.past = 12 AND o.mishap BETWEEN 30 AND 60, shipped_at,
    NULL, 4),
  ('DELIVERY_FAILED', 'SERVICE', 'shipment', o.past > 12 AND o.mishap BETWEEN 60 AND 80,
    shipped_at, delivered_at, 1)
) w (kind, role, subject, is_so, opened_at, done_at, hours)
WHERE w.is_so;
