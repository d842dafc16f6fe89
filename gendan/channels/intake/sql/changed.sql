-- What the platform told becomes what the order says; `change` is there.
UPDATE orders_order o SET platform_state = c.state, content_hash = c.hash,
  platform_status = coalesce(c.raw_status, o.platform_status),
  platform_modified_at = greatest(c.modified_at, o.platform_modified_at),
  buyer_remark = CASE WHEN c.words_changed THEN c.buyer_remark ELSE o.buyer_remark END,
  seller_remark = CASE WHEN c.words_changed THEN c.seller_remark ELSE o.seller_remark END,
  flag = CASE WHEN c.words_changed THEN c.flag ELSE o.flag END,
  customer_id = coalesce(o.customer_id, b.customer_id),
  paid_at = coalesce(o.paid_at, CASE WHEN c.paid_fen > 0 THEN coalesce(c.paid_at, now()) END),
  promise_at = coalesce(o.promise_at, CASE WHEN c.state IN ('PAID', 'FORBIDDEN', 'REFUNDING') OR c.is_cod
    THEN coalesce(c.latest_at, coalesce(c.paid_at, now()) + %(ship_hours)s * interval '1 hour') END),
  paid_fen = greatest(o.paid_fen, coalesce(c.paid_fen, 0))
FROM change c LEFT JOIN buyer b USING (platform_order) WHERE o.id = c.id;

INSERT INTO orders_payment (order_id, method, amount_fen, reference, at)
SELECT c.id, coalesce(c.method, 'PLATFORM'), c.paid_fen - c.known_paid_fen,
  left(concat(%(code)s, '/', c.platform_order, CASE WHEN c.known_paid_fen > 0
    THEN '/' || (SELECT count(*) + 1 FROM orders_payment p WHERE p.order_id = c.id) END), 80),
  coalesce(c.paid_at, now())
FROM change c WHERE c.paid_fen > c.known_paid_fen;

UPDATE orders_order o SET receiver_name = c.receiver_name, receiver_phone = c.receiver_phone,
  province = c.province, city = c.city, district = c.district, street = c.street, address = c.address,
  division = c.division, zip = c.zip, place_key = c.place_key, raw_address = c.raw_address
FROM change c WHERE o.id = c.id AND c.may_follow AND c.place_changed;

UPDATE orders_line l SET
  quantity = n.quantity, price_fen = p.price, discount_fen = p.price * n.quantity - n.total_fen,
  total_fen = n.total_fen, title = n.title, specification = n.spec, shop_code = n.code,
  sku_id = CASE WHEN l.shop_code = n.code THEN l.sku_id ELSE s.sku_id END,
  is_gift = n.is_gift, is_cancelled = n.is_cancelled
FROM change c JOIN told_line n USING (platform_order)
LEFT JOIN catalog_shopcode s ON s.shop_id = %(shop)s AND s.code = n.code
CROSS JOIN LATERAL (SELECT (n.total_fen + n.quantity - 1) / n.quantity AS price) p
WHERE l.order_id = c.id AND l.sub_order = n.sub_order AND c.may_follow AND c.lines_changed;

UPDATE orders_line l SET refund_state =
  CASE n.refund WHEN 'ASKED' THEN 'REQUESTED' WHEN 'DONE' THEN 'REFUNDED' ELSE 'NONE' END
FROM change c JOIN told_line n USING (platform_order)
WHERE l.order_id = c.id AND l.sub_order = n.sub_order AND c.lines_changed AND l.refund_state IS DISTINCT FROM
  CASE n.refund WHEN 'ASKED' THEN 'REQUESTED' WHEN 'DONE' THEN 'REFUNDED' ELSE 'NONE' END;

UPDATE orders_line l SET is_cancelled = true
FROM change c
WHERE l.order_id = c.id AND c.may_follow AND c.lines_changed AND l.sub_order <> '' AND NOT l.is_cancelled
  AND NOT EXISTS (SELECT FROM told_line n
                  WHERE n.platform_order = c.platform_order AND n.sub_order = l.sub_order);

INSERT INTO orders_line (order_id, position, sub_order, sku_id, shop_code, title, specification,
  quantity, price_fen, discount_fen, total_fen, is_gift, is_cancelled, refund_state, shipped, returned)
SELECT c.id, (SELECT coalesce(max(position), 0) FROM orders_line x WHERE x.order_id = c.id)
    + row_number() OVER (PARTITION BY c.id ORDER BY n.row, n.sub_order),
  n.sub_order, s.sku_id, n.code, n.title, n.spec, n.quantity, p.price,
  p.price * n.quantity - n.total_fen, n.total_fen, n.is_gift, n.is_cancelled,
  CASE n.refund WHEN 'ASKED' THEN 'REQUESTED' WHEN 'DONE' THEN 'REFUNDED' ELSE 'NONE' END, 0, 0
FROM change c JOIN told_line n USING (platform_order)
LEFT JOIN catalog_shopcode s ON s.shop_id = %(shop)s AND s.code = n.code
CROSS JOIN LATERAL (SELECT (n.total_fen + n.quantity - 1) / n.quantity AS price) p
WHERE c.may_follow AND c.lines_changed AND NOT EXISTS (
  SELECT FROM orders_line l WHERE l.order_id = c.id AND l.sub_order = n.sub_order);

-- What becomes of a set becomes of its parts; how many they are, screening sees.
UPDATE orders_line p SET refund_state = s.refund_state, is_cancelled = p.is_cancelled OR s.is_cancelled
FROM change c JOIN orders_line s ON s.order_id = c.id AND s.is_set
WHERE c.lines_changed AND p.part_of_id = s.id
  AND (p.refund_state <> s.refund_state OR s.is_cancelled AND NOT p.is_cancelled);

-- Lines of our own (a gift from the house) are counted too.
UPDATE orders_order o SET goods_fen = g.goods, discount_fen = c.discount_fen, postage_fen = c.postage_fen,
  total_fen = c.total_fen, adjust_fen = c.total_fen - (g.goods - c.discount_fen + c.postage_fen)
FROM change c CROSS JOIN LATERAL (
  SELECT coalesce(sum(total_fen) FILTER (WHERE NOT is_cancelled), 0) AS goods
  FROM orders_line l WHERE l.order_id = c.id
) g
WHERE o.id = c.id AND c.may_follow AND (c.words_changed OR c.lines_changed);

INSERT INTO orders_deadline (order_id, ship_by)
SELECT c.id, c.latest_at FROM change c WHERE c.latest_at IS NOT NULL ORDER BY c.id
ON CONFLICT (order_id) DO UPDATE SET ship_by = excluded.ship_by
WHERE orders_deadline.ship_by <> excluded.ship_by;
