-- What was ordered.

INSERT INTO orders_line (id, order_id, position, sub_order, sku_id, shop_code, title,
  specification, quantity, price_fen, discount_fen, total_fen, is_gift, is_cancelled,
  refund_state, shipped, returned)
SELECT l.id, l.i, l.position, '26' || lpad((l.id * 7919)::text, 17, '0'),
  CASE WHEN l.mapped THEN l.sku_id END, l.code, l.title, l.specification, l.quantity,
  l.price_fen, 0, l.quantity * l.price_fen, false, false, 'NONE',
  CASE WHEN o.past >= 12 THEN l.quantity ELSE 0 END, 0
FROM bench.lines l JOIN bench.orders o USING (i);
