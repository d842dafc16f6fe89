-- What a carrier's files say differently about a day. Parameters: day, begins, ends, carrier, and
-- from how much more a weight counts. A parcel of the evening may be in the next day's file.
CREATE TEMP TABLE theirs ON COMMIT DROP AS
SELECT waybill, max(weight_g) AS weight_g, max(times) AS times FROM (
  SELECT b.file_id, b.waybill, max(b.weight_g) AS weight_g, count(*) AS times
  FROM channels_billrow b JOIN channels_dayfile f ON f.id = b.file_id
    AND f.against = 'CARRIER' AND f.scope = %(carrier)s
  WHERE b."on" = %(day)s GROUP BY b.file_id, b.waybill
) each_file GROUP BY waybill;
CREATE INDEX ON theirs (waybill);
ANALYZE theirs;

INSERT INTO difference (kind, key, shop_id, warehouse_id, shipment_id, waybill, ours, theirs)
SELECT 'CARRIER_LACKS', s.number, s.shop_id, s.warehouse_id, s.id, s.waybill, s.waybill, ''
FROM warehouse_shipment s
WHERE s.shipped_at >= %(begins)s AND s.shipped_at < %(ends)s AND s.carrier_id = %(carrier)s
  AND NOT EXISTS (SELECT FROM channels_billrow b JOIN channels_dayfile f ON f.id = b.file_id
    AND f.against = 'CARRIER' AND f.scope = %(carrier)s
    WHERE b.waybill = s.waybill AND b."on" BETWEEN %(day)s AND %(day)s + 2);

INSERT INTO difference (kind, key, waybill, ours, theirs)
SELECT 'CARRIER_ONLY', t.waybill, t.waybill, '', t.waybill
FROM theirs t WHERE NOT EXISTS (SELECT FROM warehouse_shipment s WHERE s.waybill = t.waybill
  AND s.waybill <> '');

INSERT INTO difference (kind, key, waybill, ours, theirs)
SELECT 'CARRIER_TWICE', t.waybill, t.waybill, '1', t.times::text FROM theirs t WHERE t.times > 1;

-- Carriers round up to the next kilogram.
INSERT INTO difference (kind, key, shop_id, warehouse_id, shipment_id, waybill, ours, theirs)
SELECT 'CARRIER_WEIGHS', s.number, s.shop_id, s.warehouse_id, s.id, s.waybill,
  coalesce(s.weight_g, s.expected_g) || ' g', t.weight_g || ' g'
FROM theirs t JOIN warehouse_shipment s ON s.waybill = t.waybill AND s.waybill <> ''
  AND s.stage <> 'RECALLED'
WHERE coalesce(s.weight_g, s.expected_g) > 0
  AND t.weight_g > ceil(coalesce(s.weight_g, s.expected_g) / 1000.0) * 1000 + %(tolerance)s;
