-- Waves, shipments and what is in them; one in a thousand is refused or lost.

INSERT INTO warehouse_wave (id, number, kind, made_at, picked_at, carrier_id, warehouse_id)
SELECT row_number() OVER (ORDER BY min(waved_at)),
  'W' || to_char(min(waved_at) AT TIME ZONE 'Asia/Shanghai', 'YYMMDD')
    || lpad((row_number() OVER (ORDER BY min(waved_at)))::text, 7, '0'),
  'MIXED', min(waved_at), CASE WHEN bool_and(past >= 10) THEN max(picked_at) END, NULL, warehouse_id
FROM bench.orders WHERE waved_at IS NOT NULL GROUP BY bench.hour(waved_at), warehouse_id;

INSERT INTO warehouse_shipment (id, number, warehouse_id, shop_id, customer_id, buyer, place_key,
  stage, stage_since, receiver_name, receiver_phone, province, city, district, street, address,
  division, zip, carrier_id, waybill, wave_id, wave_position, priority, promise_at, pieces, kinds,
  hides_prices, cod_fen, expected_g, weight_g, weight_why, packed_by_id, packed_at, shipped_at,
  delivered_at, made_at)
SELECT o.i, 'S' || to_char(o.planned_at AT TIME ZONE 'Asia/Shanghai', 'YYMMDD')
    || lpad(o.i::text, 7, '0'),
  o.warehouse_id, o.shop_id, c.k, c.account, left(c.division || '|' || c.address, 64),
  CASE WHEN o.step = 'COMPLETED' AND o.mishap = 0 THEN 'REFUSED'
    WHEN o.step = 'COMPLETED' AND o.mishap = 1 THEN 'LOST' ELSE s.parcel END,
  coalesce(delivered_at, shipped_at, packed_at, picked_at, waved_at, planned_at),
  c.name, c.phone, c.province, c.city, c.district, '', c.address, c.division, '', r.id,
  CASE WHEN o.past < 9 THEN '' ELSE (ARRAY['7', 'YT', 'SF', '4', 'JD'])[1 + r.k]
    || lpad((o.i * 104729)::text, 13, '0') END,
  w.id, CASE WHEN w.id IS NOT NULL THEN row_number() OVER (PARTITION BY w.id ORDER BY o.i) END,
  0, o.promise_at, m.pieces, m.kinds, false, 0, m.weight_g,
  CASE WHEN o.past >= 11 THEN m.weight_g + 120 END, '', NULL, packed_at, shipped_at,
  CASE WHEN o.step = 'COMPLETED' AND o.mishap < 2 THEN NULL ELSE delivered_at END, planned_at
FROM bench.orders o
JOIN bench.step s USING (step)
JOIN bench.customer c ON c.k = o.customer
JOIN bench.sums m USING (i)
JOIN bench.carrier r ON r.k = least(o.shop_id * 7 % 5, (SELECT max(k) FROM bench.carrier))
LEFT JOIN (SELECT id, warehouse_id, bench.hour(made_at) AS hour FROM warehouse_wave) w
  ON w.warehouse_id = o.warehouse_id AND w.hour = bench.hour(o.waved_at)
WHERE o.past >= 8;

INSERT INTO warehouse_shipmentline (id, shipment_id, order_id, line_id, sku_id, quantity, verified)
SELECT l.id, l.i, l.i, l.id, l.sku_id, l.quantity,
  CASE WHEN o.past >= 11 THEN l.quantity ELSE 0 END
FROM bench.lines l JOIN bench.orders o USING (i) WHERE o.past >= 8;
