-- What a platform's file says differently about a shop's orders. Parameters: shop, begins and ends
-- (the day), names_waybills. Tables `told_order`, `told_line`, `told_waybill` hold the file.
CREATE TEMP TABLE there ON COMMIT DROP AS
WITH line AS (
  SELECT platform_order, sum(payable_fen) FILTER (WHERE state <> 'CLOSED') AS payable,
    sum(total_fen) FILTER (WHERE state <> 'CLOSED') AS goods, sum(postage_fen) AS postage,
    bool_or(state <> '') AS has_states, bool_and(state = 'CLOSED') AS closed,
    bool_or(state IN ('SHIPPED', 'FINISHED')) AS shipped, bool_or(state = 'UNPAID') AS unpaid
  FROM told_line GROUP BY 1
), head AS (
  SELECT platform_order, (array_agg(state ORDER BY row DESC))[1] AS state, min(placed_at) AS placed_at,
    max(payable_fen) AS payable, max(postage_fen) AS postage, max(discount_fen) AS discount
  FROM told_order GROUP BY 1
), waybill AS (
  SELECT platform_order, array_agg(DISTINCT waybill ORDER BY waybill) AS numbers
  FROM told_waybill GROUP BY 1
)
SELECT h.platform_order, h.placed_at, coalesce(w.numbers, '{}') AS waybills,
  coalesce(h.payable, l.payable, l.goods + coalesce(h.postage, l.postage, 0)
    - coalesce(h.discount, 0)) AS amount,
  CASE WHEN l.has_states AND l.closed OR h.state = 'CLOSED' AND NOT coalesce(l.has_states, false)
         THEN 'CLOSED'
       WHEN l.has_states AND l.shipped OR h.state IN ('SHIPPED', 'FINISHED', 'PART') THEN 'SHIPPED'
       WHEN l.has_states AND l.unpaid OR h.state = 'UNPAID' THEN 'UNPAID'
       ELSE 'PAID' END AS state
FROM head h LEFT JOIN line l USING (platform_order) LEFT JOIN waybill w USING (platform_order);
CREATE UNIQUE INDEX ON there (platform_order);
ANALYZE there;

CREATE TEMP TABLE here ON COMMIT DROP AS
SELECT o.id, o.platform_order, o.number, o.total_fen, o.placed_at, coalesce(s.waybills, '{}')
    AS waybills, s.shipment_id,
  CASE WHEN o.stage = 'CANCELLED' THEN 'CLOSED'
       WHEN o.stage = 'COMPLETED' OR s.shipment_id IS NOT NULL THEN 'SHIPPED'
       WHEN o.stage IN ('DRAFT', 'UNPAID') THEN 'UNPAID' ELSE 'PAID' END AS state
FROM (
  SELECT o.* FROM there t CROSS JOIN LATERAL (
    SELECT * FROM orders_order o WHERE o.shop_id = %(shop)s AND o.platform_order = t.platform_order
      AND o.platform_order <> '' OFFSET 0) o
  UNION
  SELECT o.* FROM orders_order o WHERE o.shop_id = %(shop)s AND o.platform_order <> ''
    AND o.placed_at >= %(begins)s AND o.placed_at < %(ends)s
) o
LEFT JOIN LATERAL (
  SELECT array_agg(DISTINCT s.waybill::text ORDER BY s.waybill::text) AS waybills, min(s.id) AS shipment_id
  FROM warehouse_shipmentline p JOIN warehouse_shipment s ON s.id = p.shipment_id
  WHERE p.order_id = o.id AND s.stage IN ('SHIPPED', 'DELIVERED', 'REFUSED', 'RETURNED', 'LOST')
) s ON true;
CREATE UNIQUE INDEX ON here (platform_order);
ANALYZE here;

INSERT INTO difference (kind, key, shop_id, ours, theirs)
SELECT 'THERE_ONLY', t.platform_order, %(shop)s, '', t.state || ' ' || coalesce(t.amount, 0)
FROM there t WHERE NOT EXISTS (SELECT FROM here h WHERE h.platform_order = t.platform_order);

INSERT INTO difference (kind, key, shop_id, order_id, ours, theirs)
SELECT 'HERE_ONLY', h.platform_order, %(shop)s, h.id, h.state || ' ' || h.total_fen, ''
FROM here h WHERE NOT EXISTS (SELECT FROM there t WHERE t.platform_order = h.platform_order);

INSERT INTO difference (kind, key, shop_id, order_id, ours, theirs)
SELECT 'AMOUNT', h.platform_order, %(shop)s, h.id, h.total_fen::text, t.amount::text
FROM here h JOIN there t USING (platform_order)
WHERE t.amount <> h.total_fen AND t.state <> 'CLOSED' AND h.state <> 'CLOSED';

INSERT INTO difference (kind, key, shop_id, order_id, shipment_id, ours, theirs)
SELECT 'STATE', h.platform_order, %(shop)s, h.id, h.shipment_id, h.state, t.state
FROM here h JOIN there t USING (platform_order) WHERE t.state <> h.state;

INSERT INTO difference (kind, key, shop_id, order_id, shipment_id, waybill, ours, theirs)
SELECT 'WAYBILL', h.platform_order, %(shop)s, h.id, h.shipment_id,
  left(coalesce(h.waybills[1], ''), 80), left(array_to_string(h.waybills, ' '), 200),
  left(array_to_string(t.waybills, ' '), 200)
FROM here h JOIN there t USING (platform_order)
WHERE %(names_waybills)s AND t.state = 'SHIPPED' AND h.shipment_id IS NOT NULL
  AND NOT (t.waybills <@ h.waybills AND cardinality(t.waybills) > 0);
