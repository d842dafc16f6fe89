-- What a carrier's files say differently about a day. Parameters: day, begins, ends, carrier, and
-- from how much more a weight counts, or a fee. A parcel of the evening may be in the next day's
-- file. `price` is the warehouse's own way to count what a carrier takes.
CREATE TEMP TABLE theirs ON COMMIT DROP AS
SELECT waybill, max(weight_g) AS weight_g, max(times) AS times, max(fee_fen) AS fee_fen FROM (
  SELECT b.file_id, b.waybill, max(b.weight_g) AS weight_g, count(*) AS times,
    sum(b.fee_fen) AS fee_fen
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

-- Billed with a fee on another day too, and not because it left late in the evening.
INSERT INTO difference (kind, key, waybill, ours, theirs)
SELECT 'CARRIER_TWICE', t.waybill, t.waybill, '1', left(d.days, 200)
FROM theirs t CROSS JOIN LATERAL (
  SELECT string_agg(DISTINCT b."on"::text, ' ') || ' ' || %(day)s::date AS days
  FROM channels_billrow b JOIN channels_dayfile f ON f.id = b.file_id
    AND f.against = 'CARRIER' AND f.scope = %(carrier)s
  WHERE b.waybill = t.waybill AND b.fee_fen > 0 AND b."on" < %(day)s::date - 2) d
WHERE t.times = 1 AND t.fee_fen > 0 AND d.days IS NOT NULL;

-- What each parcel weighs for the carrier: as much as it does, or as its volume where that is more.
CREATE TEMP TABLE weighed ON COMMIT DROP AS
SELECT s.id AS shipment_id, greatest(coalesce(s.weight_g, nullif(s.expected_g, 0)),
    CASE WHEN c.volume_divisor > 0 THEN {volume} / c.volume_divisor END) AS ours_g
FROM theirs t JOIN warehouse_shipment s ON s.waybill = t.waybill AND s.waybill <> ''
  AND s.stage <> 'RECALLED'
JOIN warehouse_carrier c ON c.id = %(carrier)s;
CREATE INDEX ON weighed (shipment_id);
ANALYZE weighed;

-- What each parcel should have cost: by our weight, else by theirs.
CREATE TEMP TABLE charge ON COMMIT DROP AS
SELECT DISTINCT ON (s.id) s.id AS shipment_id, s.number, s.shop_id, s.warehouse_id, s.waybill,
  s.province, p.zone, n.ours_g, t.weight_g AS theirs_g, p.fee_fen AS due_fen, t.fee_fen, t.times
FROM theirs t JOIN warehouse_shipment s ON s.waybill = t.waybill AND s.waybill <> ''
  AND s.stage <> 'RECALLED' AND s.carrier_id = %(carrier)s
JOIN weighed n ON n.shipment_id = s.id
CROSS JOIN LATERAL {price} p
WHERE t.fee_fen IS NOT NULL AND coalesce(n.ours_g, t.weight_g) IS NOT NULL
ORDER BY s.id;

INSERT INTO channels_charge AS c (carrier_id, shipment_id, "on", waybill, province, zone, ours_g,
  theirs_g, due_fen, charged_fen)
SELECT %(carrier)s, shipment_id, %(day)s, waybill, province, zone, ours_g, theirs_g, due_fen, fee_fen
FROM charge ORDER BY shipment_id
ON CONFLICT (shipment_id) DO UPDATE SET carrier_id = excluded.carrier_id, "on" = excluded."on",
  waybill = excluded.waybill, province = excluded.province, zone = excluded.zone,
  ours_g = excluded.ours_g, theirs_g = excluded.theirs_g, due_fen = excluded.due_fen,
  charged_fen = excluded.charged_fen;

-- One that stands there twice is a difference already.
INSERT INTO difference (kind, key, shop_id, warehouse_id, shipment_id, waybill, ours, theirs)
SELECT 'CARRIER_CHARGES', c.number, c.shop_id, c.warehouse_id, c.shipment_id, c.waybill,
  concat_ws(' ', c.due_fen, coalesce(c.ours_g, 0), c.province, CASE c.zone WHEN '' THEN '*' END),
  concat_ws(' ', c.fee_fen, coalesce(c.theirs_g, 0))
FROM charge c WHERE c.times = 1 AND abs(c.fee_fen - c.due_fen) > %(fee_tolerance)s;

-- Carriers round up to the next kilogram. Where the fee tells it, the weight alone need not.
INSERT INTO difference (kind, key, shop_id, warehouse_id, shipment_id, waybill, ours, theirs)
SELECT 'CARRIER_WEIGHS', s.number, s.shop_id, s.warehouse_id, s.id, s.waybill,
  n.ours_g || ' g', t.weight_g || ' g'
FROM theirs t JOIN warehouse_shipment s ON s.waybill = t.waybill AND s.waybill <> ''
  AND s.stage <> 'RECALLED'
JOIN weighed n ON n.shipment_id = s.id
WHERE n.ours_g > 0
  AND NOT EXISTS (SELECT FROM difference d WHERE d.kind = 'CARRIER_CHARGES' AND d.key = s.number)
  AND t.weight_g > ceil(n.ours_g / 1000.0) * 1000 + %(tolerance)s;
