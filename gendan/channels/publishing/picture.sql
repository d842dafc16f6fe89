-- One consistent picture, in one statement: what each listing ought to show, by the narrowest rule.
-- Parameters: skus and shops, NULL for every one; zone, of our days. Free is floored at nought in each
-- warehouse: one that lacks pieces takes none from another. A set is as free as the part it has least
-- of. What is expected counts from today on: what is overdue comes when it comes.
CREATE TEMP TABLE picture ON COMMIT DROP AS
WITH listing AS MATERIALIZED (
  SELECT c.id AS code_id, c.shop_id, k.id AS sku_id, k.is_active AND p.is_active AS is_sold,
    s.uses_safety_stock, r.*
  FROM catalog_shopcode c
  JOIN people_shop s ON s.id = c.shop_id AND s.is_active AND s.platform <> 'OWN'
  JOIN catalog_sku k ON k.id = c.sku_id
  JOIN catalog_product p ON p.id = k.product_id
  CROSS JOIN LATERAL (
    SELECT r.id AS rule_id, r.percent, r.plus, r.minus, r.least, r.most, r.warehouse_ids,
      r.less_reserved, r.less_waiting, r.less_safety, r.arriving_percent, r.arriving_days
    FROM channels_publishrule r
    WHERE r.is_on AND (r.shop_id IS NULL OR r.shop_id = c.shop_id)
      AND (r.sku_id IS NULL OR r.sku_id = k.id) AND (r.category = '' OR r.category = p.category)
    ORDER BY r.sku_id IS NOT NULL DESC, r.category <> '' DESC, r.shop_id IS NOT NULL DESC, r.id
    LIMIT 1
  ) r
  WHERE (%(shops)s::bigint[] IS NULL OR c.shop_id = ANY (%(shops)s::bigint[]))
    AND (%(skus)s::bigint[] IS NULL OR c.sku_id = ANY (%(skus)s::bigint[]))
), part AS MATERIALIZED (
  SELECT n.code_id, coalesce(s.part_id, n.sku_id) AS sku_id, coalesce(s.quantity, 1) AS each,
    n.warehouse_ids, n.less_reserved, n.less_waiting, n.arriving_percent, n.arriving_days,
    n.less_safety AND NOT n.uses_safety_stock AS less_safety
  FROM listing n LEFT JOIN catalog_setpart s ON s.set_id = n.sku_id
), waiting AS MATERIALIZED (
  SELECT sku_id, sum(quantity) AS pieces FROM (
    SELECT l.sku_id, l.quantity
    FROM orders_order o JOIN orders_line l ON l.order_id = o.id
    WHERE o.stage IN ('UNCONFIRMED', 'SCREENING', 'HELD', 'READY', 'SHORT')
      AND NOT l.is_cancelled AND l.refund_state <> 'REFUNDED' AND NOT l.is_set
      AND l.sku_id IN (SELECT sku_id FROM part)
    UNION ALL
    SELECT sku_id, quantity FROM stock_rest WHERE sku_id IN (SELECT sku_id FROM part)) wanted
  GROUP BY sku_id
), free AS (
  SELECT p.code_id,
    min(greatest(0, lying.pieces - coalesce(w.pieces, 0)) / p.each)::int AS at_hand,
    min(greatest(0, lying.pieces + coming.pieces - coalesce(w.pieces, 0)) / p.each)::int AS pieces
  FROM part p
  JOIN catalog_sku k ON k.id = p.sku_id
  LEFT JOIN waiting w ON w.sku_id = p.sku_id AND p.less_waiting
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(greatest(0, b.on_hand - CASE WHEN p.less_reserved THEN b.reserved ELSE 0 END
      - CASE WHEN p.less_safety THEN k.safety_stock ELSE 0 END)), 0)::bigint AS pieces
    FROM stock_balance b JOIN people_warehouse h ON h.id = b.warehouse_id AND h.is_active
    WHERE b.sku_id = p.sku_id
      AND (p.warehouse_ids IS NULL OR b.warehouse_id = ANY (p.warehouse_ids))
  ) lying
  CROSS JOIN LATERAL (
    SELECT coalesce(floor(sum(e.quantity - e.arrived) * p.arriving_percent / 100.0), 0)::bigint
      AS pieces
    FROM stock_expected e JOIN people_warehouse h ON h.id = e.warehouse_id AND h.is_active
    WHERE p.arriving_percent > 0 AND e.sku_id = p.sku_id AND e.state = 'OPEN'
      AND (p.warehouse_ids IS NULL OR e.warehouse_id = ANY (p.warehouse_ids))
      AND e.due_on - (statement_timestamp() AT TIME ZONE %(zone)s)::date
        BETWEEN 0 AND p.arriving_days
  ) coming
  GROUP BY p.code_id
)
SELECT n.code_id, n.shop_id, n.sku_id, n.rule_id, f.pieces AS free,
  f.pieces - f.at_hand AS arriving,
  CASE WHEN NOT n.is_sold THEN 0 ELSE greatest(0, least(coalesce(n.most, 2000000000), greatest(
    n.least, floor(f.pieces * n.percent / 100.0) + n.plus - n.minus)))::int END AS wanted,
  statement_timestamp() AS at
FROM listing n JOIN free f USING (code_id);
