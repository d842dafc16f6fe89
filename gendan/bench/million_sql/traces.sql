-- The carriers' news: three points for each parcel that has left, and who follows it.

INSERT INTO delivery_trace (shipment_id, provider, at, text, state, code, place, heard_at)
SELECT o.i, 'KUAIDI100', t.at, t.text, t.state, '', '', t.at
FROM bench.orders o CROSS JOIN LATERAL (VALUES
  (shipped_at + interval '2 hours', '快件已由揽收点揽收', 'ACCEPTED'),
  (shipped_at + interval '9 hours', '快件已发往目的地转运中心', 'MOVING'),
  (delivered_at, '已签收，签收人：本人', 'SIGNED')) t (at, text, state)
WHERE o.past >= 12 AND t.at < now();

INSERT INTO delivery_subscription (shipment_id, provider, state, next_at, tries, problem,
  subscribed_at, heard_at, last_moved_at, last_state)
SELECT i, 'KUAIDI100', CASE WHEN past = 12 THEN 'FOLLOWED' ELSE 'ENDED' END, shipped_at, 1, '',
  shipped_at, t.at, t.at, CASE WHEN past = 12 THEN 'MOVING' ELSE 'SIGNED' END
FROM bench.orders
CROSS JOIN LATERAL (SELECT coalesce(delivered_at, shipped_at + interval '9 hours') AS at) t
WHERE past >= 12;
