-- What our own papers say differently about the parcels that left on a day. Parameters: begins and
-- ends (the day), now, late (since when a platform should have been told), zone (of our clocks).
-- `difference` is there.
CREATE TEMP TABLE left_house ON COMMIT DROP AS
SELECT s.* FROM warehouse_shipment s WHERE s.shipped_at >= %(begins)s AND s.shipped_at < %(ends)s;
CREATE INDEX ON left_house (id);
-- Here and below all is looked up row by row, by its key (OFFSET keeps a look from becoming a join
-- with the rows of all days, also while tables that have grown are without statistics).
CREATE TEMP TABLE part ON COMMIT DROP AS
SELECT p.shipment_id, p.order_id, p.line_id, p.quantity AS pieces, l.quantity AS ordered,
  l.shipped, l.position, l.is_cancelled, l.refund_state, o.number, o.stage, o.shop_id,
  o.platform_order, s.waybill, s.warehouse_id
FROM left_house s
CROSS JOIN LATERAL (SELECT * FROM warehouse_shipmentline p WHERE p.shipment_id = s.id OFFSET 0) p
CROSS JOIN LATERAL (SELECT * FROM orders_line l WHERE l.id = p.line_id OFFSET 0) l
CROSS JOIN LATERAL (SELECT * FROM orders_order o WHERE o.id = p.order_id OFFSET 0) o;
CREATE INDEX ON part (order_id);
ANALYZE left_house, part;

-- Of an order that left, a piece stayed behind, and nothing is planned or short for it.
INSERT INTO difference (kind, key, shop_id, warehouse_id, order_id, shipment_id, waybill, ours, theirs)
SELECT 'NOT_SHIPPED', n.number || '/' || l.position, n.shop_id, n.warehouse_id, n.order_id,
  n.shipment_id, n.waybill, l.shipped || ' × ' || k.code, l.quantity || ' × ' || k.code
FROM (SELECT DISTINCT ON (order_id) * FROM part WHERE stage IN ('ALLOCATED', 'COMPLETED')
      ORDER BY order_id, shipment_id) n
CROSS JOIN LATERAL (SELECT * FROM orders_line l WHERE l.order_id = n.order_id OFFSET 0) l
JOIN catalog_sku k ON k.id = l.sku_id
WHERE NOT l.is_cancelled AND NOT l.is_set AND l.refund_state = 'NONE' AND l.shipped < l.quantity
  AND NOT EXISTS (SELECT FROM stock_shortage x WHERE x.order_id = n.order_id AND x.sku_id = l.sku_id)
  AND NOT EXISTS (SELECT FROM stock_reservation r WHERE r.line_id = l.id)
  AND NOT EXISTS (SELECT FROM warehouse_shipmentline p WHERE p.line_id = l.id
    AND (SELECT s.stage FROM warehouse_shipment s WHERE s.id = p.shipment_id)
      IN ('PLANNED', 'RELEASED', 'PICKED', 'PACKED'));

INSERT INTO difference (kind, key, shop_id, warehouse_id, order_id, shipment_id, waybill, ours, theirs)
SELECT 'TWICE', n.number || '/' || n.position, n.shop_id, n.warehouse_id, n.order_id, n.shipment_id,
  n.waybill, t.pieces::text, n.ordered::text
FROM (SELECT DISTINCT ON (line_id) * FROM part ORDER BY line_id, shipment_id DESC) n
CROSS JOIN LATERAL (
  SELECT sum(p.quantity) AS pieces FROM warehouse_shipmentline p WHERE p.line_id = n.line_id
    AND (SELECT s.stage FROM warehouse_shipment s WHERE s.id = p.shipment_id)
      IN ('SHIPPED', 'DELIVERED', 'REFUSED', 'LOST')) t
WHERE t.pieces > n.ordered;

INSERT INTO difference (kind, key, shop_id, warehouse_id, order_id, shipment_id, waybill, ours, theirs)
SELECT 'NOT_ORDERED', n.number || '/' || n.position || '/' || n.shipment_id, n.shop_id,
  n.warehouse_id, n.order_id, n.shipment_id, n.waybill, n.pieces::text,
  CASE WHEN n.is_cancelled THEN '0' ELSE n.stage END
FROM part n WHERE n.is_cancelled OR n.stage = 'CANCELLED';

INSERT INTO difference (kind, key, shop_id, warehouse_id, shipment_id, waybill, ours, theirs)
SELECT 'SAME_NUMBER', s.number, s.shop_id, s.warehouse_id, s.id, s.waybill, s.number, o.number
FROM left_house s CROSS JOIN LATERAL (
  SELECT (array_agg(o.number ORDER BY o.id))[1] AS number FROM warehouse_shipment o
  WHERE o.waybill = s.waybill AND o.waybill <> '' AND o.id <> s.id AND o.stage <> 'RECALLED') o
WHERE o.number IS NOT NULL;

INSERT INTO difference (kind, key, shop_id, warehouse_id, shipment_id, waybill, ours, theirs)
SELECT 'WRONG_NUMBER', s.number, s.shop_id, s.warehouse_id, s.id, s.waybill, s.waybill, c.name
FROM left_house s JOIN warehouse_carrier c ON c.id = s.carrier_id
WHERE s.waybill = '' OR (c.pattern <> '' AND s.waybill !~ c.pattern);

CREATE TEMP TABLE owed ON COMMIT DROP AS
SELECT DISTINCT n.shipment_id, n.order_id, n.shop_id, n.warehouse_id, n.waybill, n.platform_order
FROM part n JOIN people_shop p ON p.id = n.shop_id AND p.platform <> 'OWN'
WHERE n.platform_order <> '';

INSERT INTO difference (kind, key, shop_id, warehouse_id, order_id, shipment_id, waybill, ours, theirs)
SELECT 'NOT_TOLD', n.platform_order || '/' || n.shipment_id, n.shop_id, n.warehouse_id, n.order_id,
  n.shipment_id, n.waybill, n.waybill, coalesce(w.why, '')
FROM owed n CROSS JOIN LATERAL (
  SELECT bool_and(w.state = 'IMPOSSIBLE') AS impossible, left(max(w.why), 200) AS why
  FROM delivery_writeback w WHERE w.shipment_id = n.shipment_id AND w.order_id = n.order_id) w
WHERE coalesce(w.impossible, true);

INSERT INTO difference (kind, key, shop_id, warehouse_id, order_id, shipment_id, waybill, ours, theirs)
SELECT 'TOLD_LATE', n.platform_order || '/' || n.shipment_id, n.shop_id, n.warehouse_id, n.order_id,
  n.shipment_id, n.waybill, n.waybill,
  w.state || coalesce(to_char(d.ship_by AT TIME ZONE %(zone)s, ' MM-DD HH24:MI'), '')
FROM owed n LEFT JOIN orders_deadline d ON d.order_id = n.order_id
CROSS JOIN LATERAL (
  SELECT min(w.state) AS state, min(w.since) AS since FROM delivery_writeback w
  WHERE w.shipment_id = n.shipment_id AND w.order_id = n.order_id
    AND w.state IN ('WAITING', 'EXPORTED')) w
WHERE w.since < %(late)s OR (w.since IS NOT NULL AND d.ship_by < %(now)s);

-- The number on the parcel was changed after the platform had been told: the journal knows.
INSERT INTO difference (kind, key, shop_id, warehouse_id, order_id, shipment_id, waybill, ours, theirs)
SELECT 'OTHER_NUMBER', n.platform_order || '/' || n.shipment_id, n.shop_id, n.warehouse_id,
  n.order_id, n.shipment_id, n.waybill, n.waybill, c.told
FROM owed n CROSS JOIN LATERAL (
  SELECT min(w.done_at) AS done_at FROM delivery_writeback w
  WHERE w.shipment_id = n.shipment_id AND w.order_id = n.order_id AND w.state = 'DONE') w
CROSS JOIN LATERAL (
  SELECT c.before->>'waybill' AS told FROM (
    SELECT * FROM journal_change c
    WHERE c.subject = (SELECT id FROM journal_subject WHERE name = 'warehouse_shipment')
      AND c.subject_id = n.shipment_id AND c.before ? 'waybill' OFFSET 0) c
  WHERE (SELECT e.at FROM journal_entry e WHERE e.id = c.entry_id) > w.done_at
  ORDER BY c.id LIMIT 1) c
WHERE c.told <> n.waybill;

INSERT INTO difference (kind, key, shop_id, warehouse_id, shipment_id, waybill, ours, theirs)
SELECT CASE WHEN h.lists = 0 THEN 'NOT_LISTED' ELSE 'LISTED_TWICE' END, s.number, s.shop_id,
  s.warehouse_id, s.id, s.waybill, s.number, h.numbers
FROM left_house s CROSS JOIN LATERAL (
  SELECT count(*) AS lists, left(coalesce(string_agg((
    SELECT h.number FROM delivery_handover h WHERE h.id = hs.handover_id
  ), ' ' ORDER BY hs.handover_id), ''), 200) AS numbers
  FROM delivery_handover_shipments hs WHERE hs.shipment_id = s.id) h
WHERE h.lists <> 1;

INSERT INTO difference (kind, key, shop_id, warehouse_id, shipment_id, waybill, ours, theirs)
SELECT 'LISTED_ONLY', s.number || '/' || h.number, s.shop_id, s.warehouse_id, s.id, s.waybill,
  s.stage, h.number
FROM delivery_handover h JOIN delivery_handover_shipments hs ON hs.handover_id = h.id
CROSS JOIN LATERAL (SELECT * FROM warehouse_shipment s WHERE s.id = hs.shipment_id OFFSET 0) s
WHERE h.at >= %(begins)s AND h.at < %(ends)s
  AND s.stage IN ('PLANNED', 'RELEASED', 'PICKED', 'PACKED', 'RECALLED');
