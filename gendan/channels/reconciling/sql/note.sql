-- What was found about a day takes its place among what was known. Parameters: against, day, scope.
-- What was settled stays so while both sides say the same; what is found no more is gone.
UPDATE channels_difference d SET state = 'GONE', ended_at = now()
WHERE d."on" = %(day)s AND d.against = %(against)s AND d.scope = %(scope)s AND d.state = 'OPEN'
  AND NOT EXISTS (SELECT FROM difference n WHERE n.kind = d.kind AND n.key = d.key);

INSERT INTO channels_difference AS d (against, "on", scope, kind, key, shop_id, warehouse_id, order_id,
  shipment_id, waybill, ours, theirs, state, why)
SELECT DISTINCT ON (n.kind, n.key) %(against)s, %(day)s, %(scope)s, n.kind, n.key, n.shop_id,
  n.warehouse_id, n.order_id, n.shipment_id, n.waybill, n.ours, n.theirs, 'OPEN', ''
FROM difference n ORDER BY n.kind, n.key
ON CONFLICT ("on", against, scope, kind, key) DO UPDATE SET ours = excluded.ours,
  theirs = excluded.theirs, waybill = excluded.waybill, state = 'OPEN', why = '', ended_at = NULL,
  found_at = CASE WHEN d.state = 'OPEN' THEN d.found_at ELSE now() END
WHERE (d.ours, d.theirs) <> (excluded.ours, excluded.theirs) OR d.state = 'GONE';
