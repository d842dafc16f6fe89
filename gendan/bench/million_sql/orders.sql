-- Orders with their money, remarks and instructions.

INSERT INTO orders_order (id, number, shop_id, source, stage, stage_since, platform_order,
  platform_status, platform_state, content_hash, customer_id, buyer, receiver_name,
  receiver_phone, province, city, district, street, address, division, zip, place_key,
  raw_address, warehouse_id, goods_fen, discount_fen, postage_fen, adjust_fen, total_fen,
  paid_fen, refunded_fen, is_cod, buyer_remark, seller_remark, warehouse_remark, flag, priority,
  carrier_wish, placed_at, paid_at, promise_at, released_at, completed_at, cancelled_at, made_at)
SELECT o.i, 'GD' || to_char(o.made_at AT TIME ZONE 'Asia/Shanghai', 'YYMMDD')
    || lpad(o.i::text, 7, '0'),
  o.shop_id, CASE WHEN o.platform = 'OWN' THEN 'PHONE' ELSE 'FILE' END, s.stage,
  coalesce(completed_at, cancelled_at, allocated_at, released_at, made_at),
  CASE WHEN o.platform = 'OWN' THEN '' ELSE '26' || lpad((o.i * 7919)::text, 17, '0') END,
  CASE WHEN o.platform = 'OWN' THEN '' ELSE '买家已付款，等待卖家发货' END,
  CASE WHEN o.platform = 'OWN' THEN 'NONE' WHEN o.past BETWEEN 0 AND 1 THEN 'UNPAID'
    WHEN o.step = 'CANCELLED' THEN 'CLOSED' ELSE 'PAID' END,
  '', c.k, c.account, c.name, c.phone, c.province, c.city, c.district, '', c.address, c.division,
  '', left(c.division || '|' || c.address, 64),
  c.province || c.city || c.district || c.address, NULL, m.fen, 0, p.fen, 0, m.fen + p.fen,
  CASE WHEN o.paid_at IS NULL THEN 0 ELSE m.fen + p.fen END,
  CASE WHEN o.step = 'CANCELLED' AND o.pays THEN m.fen + p.fen ELSE 0 END, false,
  CASE WHEN bench.dice(o.i, 60) < 0.08 THEN (ARRAY['请尽快发货，谢谢', '放门口快递柜',
    '不要放价格单，送人的', '麻烦包装结实一点', '周末再送', '送货前请打电话'])[1 + bench.throw(o.i, 61, 6)]
    ELSE '' END,
  CASE WHEN bench.dice(o.i, 62) < 0.03 THEN '老客户，送小样' ELSE '' END, '',
  CASE WHEN bench.dice(o.i, 63) < 0.02 THEN 1 + bench.throw(o.i, 64, 5) ELSE 0 END,
  CASE WHEN bench.dice(o.i, 65) < 0.01 THEN 10 ELSE 0 END, '',
  o.placed_at, o.paid_at, o.promise_at, o.released_at, o.completed_at, o.cancelled_at, o.made_at
FROM bench.orders o
JOIN bench.step s USING (step)
JOIN bench.customer c ON c.k = o.customer
JOIN bench.sums m USING (i)
CROSS JOIN LATERAL (SELECT 600 * (m.fen < 9900)::int AS fen) p;

INSERT INTO orders_instruction (order_id, code, text)
SELECT i, (ARRAY['NO_PRICE', 'GIFT_WRAP', 'CALL_FIRST'])[1 + bench.throw(i, 66, 3)], ''
FROM bench.orders WHERE bench.dice(i, 67) < 0.03;

INSERT INTO orders_payment (order_id, method, amount_fen, reference, at)
SELECT o.id, 'PLATFORM', n.fen, '', n.at
FROM orders_order o CROSS JOIN LATERAL (VALUES
  (o.paid_fen, o.paid_at), (-o.refunded_fen, o.cancelled_at)) n (fen, at)
WHERE n.fen <> 0;
