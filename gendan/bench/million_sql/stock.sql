-- The ledger: what was there before all this, what was promised, and what left. Balances and
-- promises are added up from it, as the ledger's own trigger would have done row by row.

INSERT INTO stock_ledger (sku_id, warehouse_id, movement, on_hand_change, reserved_change, line_id,
  document, entry_id, at)
SELECT l.sku_id, o.warehouse_id, 'OPENING', sum(l.quantity), 0, NULL, '期初', 1,
  now() - interval '181 days'
FROM bench.lines l JOIN bench.orders o USING (i) WHERE o.promised GROUP BY 1, 2;

INSERT INTO stock_ledger (sku_id, warehouse_id, movement, on_hand_change, reserved_change, line_id,
  document, entry_id, at)
SELECT l.sku_id, o.warehouse_id, 'RESERVED', 0, l.quantity, l.id, '', a.id, o.allocated_at
FROM bench.lines l JOIN bench.orders o USING (i)
JOIN bench.acts a ON a.verb = 'stock.reserved' AND a.key = bench.hour(o.allocated_at)
WHERE o.promised;

INSERT INTO stock_ledger (sku_id, warehouse_id, movement, on_hand_change, reserved_change, line_id,
  document, entry_id, at)
SELECT l.sku_id, o.warehouse_id, 'SHIPPED', -l.quantity, -l.quantity, l.id, '', a.id, o.shipped_at
FROM bench.lines l JOIN bench.orders o USING (i)
JOIN bench.acts a ON a.verb = 'shipment.shipped'
  AND a.key = bench.hour(o.shipped_at) * 64 + o.warehouse_id
WHERE o.past >= 12;

INSERT INTO stock_reservation (line_id, sku_id, warehouse_id, quantity)
SELECT l.id, l.sku_id, o.warehouse_id, l.quantity
FROM bench.lines l JOIN bench.orders o USING (i) WHERE o.past BETWEEN 7 AND 11;

DELETE FROM stock_balance;

INSERT INTO stock_balance (sku_id, warehouse_id, on_hand, reserved)
SELECT sku_id, warehouse_id, sum(on_hand_change), sum(reserved_change)
FROM stock_ledger GROUP BY 1, 2;

INSERT INTO stock_shortage (order_id, sku_id, missing, since)
SELECT o.i, l.sku_id, sum(l.quantity), min(o.released_at)
FROM bench.orders o JOIN bench.lines l USING (i)
WHERE o.step = 'SHORT' AND l.position = 1 GROUP BY 1, 2;
