"""What a day's report asks the database: one statement for each table of the report."""

CAME = """
SELECT came.shop_id, came.source, sum(placed)::int, sum(fen)::bigint, sum(paid)::int,
  sum(paid_fen)::bigint, sum(cancelled)::int
FROM (
  SELECT shop_id, source, 1 AS placed, total_fen AS fen, 0 AS paid, 0 AS paid_fen, 0 AS cancelled
  FROM orders_order WHERE placed_at >= %(since)s AND placed_at < %(until)s
    AND stage NOT IN ('DRAFT', 'CANCELLED')
  UNION ALL SELECT shop_id, source, 0, 0, 1, paid_fen, 0
  FROM orders_order WHERE paid_at >= %(since)s AND paid_at < %(until)s AND stage <> 'DRAFT'
  UNION ALL SELECT shop_id, source, 0, 0, 0, 0, 1
  FROM orders_order WHERE cancelled_at >= %(since)s AND cancelled_at < %(until)s
) came
WHERE %(shops)s::bigint[] IS NULL OR shop_id = ANY(%(shops)s)
GROUP BY 1, 2
"""

HOLDS = """
SELECT r.name, r.name_en,
  count(*) FILTER (WHERE h.placed_at >= %(since)s AND h.placed_at < %(until)s),
  count(*) FILTER (WHERE h.cleared_at >= %(since)s AND h.cleared_at < %(until)s),
  avg(h.cleared_at - h.placed_at)
    FILTER (WHERE h.cleared_at >= %(since)s AND h.cleared_at < %(until)s)
FROM screening_hold h
JOIN screening_rule r ON r.id = h.rule_id JOIN orders_order o ON o.id = h.order_id
WHERE (h.placed_at >= %(since)s AND h.placed_at < %(until)s
    OR h.cleared_at >= %(since)s AND h.cleared_at < %(until)s)
  AND (%(shops)s::bigint[] IS NULL OR o.shop_id = ANY(%(shops)s))
GROUP BY r.code, 1, 2 ORDER BY 3 DESC, r.code
"""

SHIPPED = """
SELECT c.name, c.name_en, w.name, count(*), sum(h.pieces)::bigint, sum(h.weight_g)::bigint
FROM warehouse_shipment h JOIN people_warehouse w ON w.id = h.warehouse_id
LEFT JOIN warehouse_carrier c ON c.id = h.carrier_id
WHERE h.shipped_at >= %(since)s AND h.shipped_at < %(until)s
  AND (%(shops)s::bigint[] IS NULL OR h.shop_id = ANY(%(shops)s))
  AND (%(warehouses)s::bigint[] IS NULL OR h.warehouse_id = ANY(%(warehouses)s))
GROUP BY 1, 2, 3 ORDER BY 4 DESC, 1, 3
"""

SIGNED = """
SELECT count(*), avg(h.delivered_at - h.shipped_at) FROM warehouse_shipment h
WHERE h.delivered_at >= %(since)s AND h.delivered_at < %(until)s
  AND (%(shops)s::bigint[] IS NULL OR h.shop_id = ANY(%(shops)s))
  AND (%(warehouses)s::bigint[] IS NULL OR h.warehouse_id = ANY(%(warehouses)s))
"""

WORK = """
SELECT kind, count(*) FILTER (WHERE opened_at >= %(since)s AND opened_at < %(until)s),
  count(*) FILTER (WHERE done_at >= %(since)s AND done_at < %(until)s),
  count(*) FILTER (WHERE done_at >= %(since)s AND done_at < %(until)s AND done_at > due_at),
  avg(done_at - opened_at) FILTER (WHERE done_at >= %(since)s AND done_at < %(until)s)
FROM worklist_item
WHERE (opened_at >= %(since)s AND opened_at < %(until)s
    OR done_at >= %(since)s AND done_at < %(until)s)
  AND (%(shops)s::bigint[] IS NULL OR shop_id IS NULL OR shop_id = ANY(%(shops)s))
  AND (%(warehouses)s::bigint[] IS NULL OR warehouse_id IS NULL
       OR warehouse_id = ANY(%(warehouses)s))
GROUP BY 1 ORDER BY 2 DESC, 1
"""

TOP = """
SELECT coalesce(k.code, l.shop_code), min(coalesce(k.title || ' ' || k.specification, l.title)),
  count(DISTINCT o.id), sum(l.quantity)::bigint, sum(l.total_fen)::bigint
FROM orders_order o JOIN orders_line l ON l.order_id = o.id AND NOT l.is_cancelled
LEFT JOIN catalog_sku k ON k.id = l.sku_id
WHERE o.placed_at >= %(since)s AND o.placed_at < %(until)s AND o.stage NOT IN ('DRAFT', 'CANCELLED')
  AND (%(shops)s::bigint[] IS NULL OR o.shop_id = ANY(%(shops)s))
GROUP BY 1 ORDER BY 5 DESC, 1 LIMIT 20
"""

MONTH = """
SELECT (at AT TIME ZONE 'Asia/Shanghai')::date, sum(placed)::int, sum(fen)::bigint, sum(paid)::int,
  sum(paid_fen)::bigint, sum(cancelled)::int, sum(shipped)::int, sum(signed)::int
FROM (
  SELECT placed_at AS at, shop_id, NULL::bigint AS warehouse_id, 1 AS placed, total_fen AS fen,
    0 AS paid, 0 AS paid_fen, 0 AS cancelled, 0 AS shipped, 0 AS signed
  FROM orders_order WHERE placed_at >= %(since)s AND placed_at < %(until)s
    AND stage NOT IN ('DRAFT', 'CANCELLED')
  UNION ALL SELECT paid_at, shop_id, NULL, 0, 0, 1, paid_fen, 0, 0, 0
  FROM orders_order WHERE paid_at >= %(since)s AND paid_at < %(until)s AND stage <> 'DRAFT'
  UNION ALL SELECT cancelled_at, shop_id, NULL, 0, 0, 0, 0, 1, 0, 0
  FROM orders_order WHERE cancelled_at >= %(since)s AND cancelled_at < %(until)s
  UNION ALL SELECT shipped_at, shop_id, warehouse_id, 0, 0, 0, 0, 0, 1, 0
  FROM warehouse_shipment WHERE shipped_at >= %(since)s AND shipped_at < %(until)s
  UNION ALL SELECT delivered_at, shop_id, warehouse_id, 0, 0, 0, 0, 0, 0, 1
  FROM warehouse_shipment WHERE delivered_at >= %(since)s AND delivered_at < %(until)s
) days
WHERE (%(shops)s::bigint[] IS NULL OR shop_id = ANY(%(shops)s))
  AND (%(warehouses)s::bigint[] IS NULL OR warehouse_id IS NULL
       OR warehouse_id = ANY(%(warehouses)s))
GROUP BY 1 ORDER BY 1
"""
