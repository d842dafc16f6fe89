-- New orders with their lines, payments and instructions, and until when the platform wants them.
CREATE TEMP TABLE made ON COMMIT DROP AS SELECT ''::text AS platform_order, 0::bigint AS id WITH NO DATA;

WITH inserted AS (
  INSERT INTO orders_order (shop_id, source, stage, platform_order, platform_status, platform_state,
    platform_modified_at, content_hash, customer_id, buyer, receiver_name, receiver_phone, province,
    city, district, street, address, division, zip, place_key, raw_address, goods_fen, discount_fen,
    postage_fen, adjust_fen, total_fen, paid_fen, refunded_fen, is_cod, buyer_remark, seller_remark,
    warehouse_remark, flag, priority, carrier_wish, placed_at, paid_at, promise_at, completed_at,
    cancelled_at)
  SELECT %(shop)s, CASE WHEN %(kind)s = 'DISTRIBUTOR' THEN 'DISTRIBUTOR' ELSE 'FILE' END,
    CASE WHEN state IN ('SHIPPED', 'FINISHED') THEN 'COMPLETED'
         WHEN state = 'CLOSED' THEN 'CANCELLED'
         WHEN state = 'UNPAID' AND NOT is_cod THEN 'UNPAID'
         ELSE 'SCREENING' END,
    platform_order, raw_status, state, modified_at, hash,
    coalesce(buyer.customer_id, told.customer_id), told.buyer, receiver_name,
    receiver_phone, province, city, district, street, address, division, zip, place_key, raw_address,
    goods_fen, discount_fen, postage_fen, total_fen - (goods_fen - discount_fen + postage_fen),
    total_fen, paid_fen, 0, is_cod, buyer_remark, seller_remark, '', flag,
    CASE WHEN instruction = 'URGENT' THEN 10 ELSE 0 END, '',
    coalesce(placed_at, paid_at, now()), CASE WHEN paid_fen > 0 THEN coalesce(paid_at, placed_at, now()) END,
    CASE WHEN state IN ('PAID', 'FORBIDDEN', 'REFUNDING', 'UNKNOWN') OR is_cod
         THEN coalesce(latest_at, coalesce(paid_at, placed_at, now())
           + %(ship_hours)s * interval '1 hour') END,
    CASE WHEN state IN ('SHIPPED', 'FINISHED') THEN coalesce(finished_at, now()) END,
    CASE WHEN state = 'CLOSED' THEN now() END
  FROM told LEFT JOIN buyer USING (platform_order)
  WHERE verdict = 'NEW' ORDER BY coalesce(placed_at, paid_at), platform_order
  RETURNING id, platform_order
)
INSERT INTO made SELECT platform_order, id FROM inserted;
CREATE INDEX ON made (platform_order);
ANALYZE made;

INSERT INTO orders_line (order_id, position, sub_order, sku_id, shop_code, title, specification,
  quantity, price_fen, discount_fen, total_fen, is_gift, is_cancelled, refund_state, shipped, returned)
SELECT m.id, row_number() OVER (PARTITION BY m.id ORDER BY l.row, l.sub_order), l.sub_order, c.sku_id,
  l.code, l.title, l.spec, l.quantity, p.price, p.price * l.quantity - l.total_fen, l.total_fen,
  l.is_gift, l.is_cancelled,
  CASE l.refund WHEN 'ASKED' THEN 'REQUESTED' WHEN 'DONE' THEN 'REFUNDED' ELSE 'NONE' END, 0, 0
FROM made m JOIN told_line l USING (platform_order)
LEFT JOIN catalog_shopcode c ON c.shop_id = %(shop)s AND c.code = l.code
CROSS JOIN LATERAL (SELECT (l.total_fen + l.quantity - 1) / l.quantity AS price) p;

INSERT INTO orders_payment (order_id, method, amount_fen, reference, at)
SELECT m.id, t.method, t.paid_fen, left(%(code)s || '/' || t.platform_order, 80),
  coalesce(t.paid_at, t.placed_at, now())
FROM made m JOIN told t USING (platform_order) WHERE t.paid_fen > 0;

INSERT INTO orders_instruction (order_id, code, text)
SELECT m.id, t.instruction, t.instruction_text
FROM made m JOIN told t USING (platform_order) WHERE t.instruction <> '';

INSERT INTO orders_deadline (order_id, ship_by)
SELECT m.id, t.latest_at FROM made m JOIN told t USING (platform_order)
WHERE t.latest_at IS NOT NULL AND t.state IN ('UNPAID', 'PAID', 'FORBIDDEN', 'REFUNDING', 'UNKNOWN');
