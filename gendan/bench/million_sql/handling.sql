-- What handling orders leaves behind: words with customers, chases, changes, checks, short goods,
-- promises, urgency, mistakes, differences, and what was said to shops. Read from the orders
-- themselves; one in so many of those that came far enough.

CREATE UNLOGGED TABLE bench.handled AS
SELECT id, number, shop_id, customer_id, receiver_phone AS phone, stage, placed_at, total_fen,
  promise_at, bench.throw(id, 100, 1000) AS fate, bench.throw(id, 101, 1000) AS luck,
  (SELECT min(id) FROM people_person) + bench.throw(id, 102, (SELECT count(*)::int
    FROM people_person)) AS person_id
FROM orders_order WHERE stage IN ('ALLOCATED', 'COMPLETED');
ANALYZE bench.handled;

INSERT INTO desk_message (topic, channel, state, subject, subject_id, number, shop_id, customer_id,
  script_id, "to", title, text, choices, facts, made_at, sent_at, sent_by_id, answer, words,
  answered_at)
SELECT s.topic, CASE WHEN luck < 700 THEN 'CHAT' ELSE 'MAIL' END,
  CASE WHEN luck < 800 THEN 'ANSWERED' WHEN luck < 990 THEN 'SENT' ELSE 'DRAFT' END,
  'order', h.id, number, shop_id, customer_id, s.id, phone, '', s.text, '[]', '{}', placed_at,
  CASE WHEN luck < 990 THEN placed_at + interval '5 minutes' END,
  CASE WHEN luck < 990 THEN person_id END, '', CASE WHEN luck < 800 THEN '好的，可以' ELSE '' END,
  CASE WHEN luck < 800 THEN placed_at + interval '1 hour' END
FROM bench.handled h
JOIN desk_script s ON s.code = (ARRAY['CHECK_ALL', 'SEND_BACK', 'CHASE', 'AMENDMENT', 'DELAY'])
  [1 + fate / 4]
WHERE fate < 20;

INSERT INTO orders_chase (order_id, plan_id, is_held_out, is_known_buyer, customer_key, since_at,
  closes_at, seen_at, owed_fen)
SELECT id, (SELECT min(id) FROM orders_chaseplan), luck < 100, luck % 2 = 0,
  coalesce('#' || customer_id, phone), placed_at, placed_at + interval '72 hours', placed_at,
  total_fen
FROM bench.handled WHERE fate BETWEEN 20 AND 29;

INSERT INTO orders_chasetouch (chase_id, origin, step_id, customer_key, on_day, slot, made_at,
  channel, reason, script_id, said_at, said_by_id, outcome, words, outcome_at)
SELECT c.id, 'STEP', s.id, c.customer_key, c.seen_at::date, s.turn, c.seen_at + s.minutes
    * interval '1 minute', s.channel, s.reason, NULL, c.seen_at + s.minutes * interval '1 minute',
  h.person_id, (ARRAY['WILL_PAY', 'NEEDS_HELP', 'WANTS_OFFER', 'NO_INTEREST', 'UNREACHABLE'])
    [1 + h.luck % 5], '', c.seen_at + s.minutes * interval '1 minute'
FROM orders_chase c JOIN bench.handled h ON h.id = c.order_id
JOIN (SELECT *, row_number() OVER (PARTITION BY plan_id ORDER BY minutes, id)::int AS turn
  FROM orders_chasestep WHERE anchor = 'AFTER') s ON s.plan_id = c.plan_id AND s.turn <= 2
WHERE NOT c.is_held_out
ON CONFLICT DO NOTHING;

INSERT INTO orders_chaseoffer (chase_id, off_fen, until_at, state, asked_at, asked_name, why,
  given_at, ended_at)
SELECT c.id, 500, c.closes_at, 'TAKEN', c.seen_at, 'bench', '', c.seen_at, c.closes_at
FROM orders_chase c WHERE bench.dice(c.id, 103) < 0.05 AND NOT is_held_out;

INSERT INTO orders_amendment (state, asked_by, cause, words, wanted, base, version, before, after,
  consequences, requested_by, requested_at, decided_by, decided_at, why, order_id, shop_id)
SELECT CASE WHEN is_open THEN 'REQUESTED' ELSE 'CONFIRMED' END, 'CUSTOMER', 'MIND', '改一下备注',
  '[{"action": "REMARK", "text": "送货前请打电话"}]', 1, CASE WHEN NOT is_open THEN 2 END, '{}', '{}', '[]',
  'bench', placed_at, CASE WHEN is_open THEN '' ELSE 'bench' END,
  CASE WHEN NOT is_open THEN placed_at + interval '10 minutes' END, '', id, shop_id
FROM bench.handled CROSS JOIN LATERAL (SELECT stage = 'ALLOCATED' AND luck < 300 AS is_open) o
WHERE fate BETWEEN 30 AND 34;

INSERT INTO orders_check (order_id, round, digest, at, by_id)
SELECT id, 1, md5(number), placed_at + interval '20 minutes', person_id
FROM bench.handled WHERE fate BETWEEN 35 AND 44;

INSERT INTO orders_tick (order_id, round, item_id, mark, content, words, at, by_id)
SELECT h.id, 1, i.id, 'TICKED', i.name, '', placed_at + interval '20 minutes', person_id
FROM bench.handled h CROSS JOIN (SELECT id, name FROM orders_checkitem ORDER BY id LIMIT 5) i
WHERE fate BETWEEN 35 AND 44;

INSERT INTO orders_confirmation (order_id, mail, "to", channel, digest, version, made_at, made_by_id,
  sent_at, answer, answered_at, words)
SELECT id, '', phone, 'CHAT', md5(number), 1, placed_at, person_id,
  placed_at + interval '30 minutes', CASE WHEN luck < 900 THEN 'CONFIRMED' ELSE 'WAITING' END,
  CASE WHEN luck < 900 THEN placed_at + interval '2 hours' END, ''
FROM bench.handled WHERE fate BETWEEN 40 AND 49;

INSERT INTO orders_question (order_id, confirmation_id, channel, words, asked_at)
SELECT order_id, id, 'CHAT', '周五能到吗？', sent_at + interval '1 hour'
FROM orders_confirmation WHERE bench.dice(id, 104) < 0.05;

INSERT INTO orders_sample (confirmation_id, week, fault, words, judged_at, judged_by_id)
SELECT id, date_trunc('week', sent_at)::date, CASE WHEN bench.dice(id, 106) < 0.1 THEN 'DATE'
  ELSE '' END, '', sent_at + interval '7 days', (SELECT min(id) FROM people_person)
FROM orders_confirmation
WHERE bench.dice(id, 105) < 0.1 AND sent_at < now() - interval '14 days';

INSERT INTO stock_shortagecase (order_id, found_at, state, opened_at, asked_at, choice, chosen_at,
  broken, closed_at, outcome)
SELECT id, 'RESERVATION', 'CLOSED', placed_at, placed_at + interval '1 hour', 'WAIT',
  placed_at + interval '5 hours', 0, placed_at + interval '3 days', ''
FROM bench.handled WHERE fate BETWEEN 50 AND 54;

INSERT INTO stock_caseline (case_id, sku_id, line_id, missing)
SELECT c.id, l.sku_id, l.id, 1
FROM stock_shortagecase c JOIN bench.lines l ON l.i = c.order_id AND l.position = 1;

INSERT INTO delivery_promise (order_id, before_at, at, state, why, made_at, settled_at)
SELECT id, promise_at, promise_at + interval '2 days', CASE WHEN luck < 900 THEN 'AGREED'
  ELSE 'REFUSED' END, '货还没到', placed_at + interval '1 day', placed_at + interval '2 days'
FROM bench.handled WHERE fate BETWEEN 55 AND 59 AND promise_at IS NOT NULL;

INSERT INTO orders_urgency (order_id, origin, declared_by_id, declared_name, why, at, "on", queue,
  displaced, displaced_numbers, ended_at, "end", ended_why)
SELECT id, 'DECLARED', person_id, 'bench', '客户出差前要收到', placed_at, placed_at::date, 'STOCK', 3, '{}',
  placed_at + interval '1 day', 'LEFT', ''
FROM bench.handled WHERE fate BETWEEN 60 AND 61 AND stage = 'COMPLETED';

INSERT INTO orders_urgentlap (urgency_id, step, began_at, due_at, ended_at)
SELECT u.id, s.step, at, at + interval '1 hour', at + interval '30 minutes'
FROM orders_urgency u
CROSS JOIN (VALUES ('SCREENING'), ('STOCK'), ('WAVE'), ('PACKING'), ('HAND_OVER')) s (step);

INSERT INTO insight_mistake (order_id, shop_id, what, because, team, cost_fen, found_at, found_by_id,
  "where", words, done, state, closed_at, source)
SELECT id, shop_id, (ARRAY['WRONG_ADDRESS', 'WRONG_GOODS', 'WRONG_QUANTITY', 'WRONG_PRICE',
    'QUALITY'])[1 + luck % 5], (ARRAY['INFORMATION', 'SYSTEM', 'CHANGE'])[1 + luck % 3],
  'WAREHOUSE', luck * 5, placed_at + interval '6 days', person_id, 'CUSTOMER', '客户来电',
  CASE WHEN is_open THEN '' ELSE '补发，致歉' END, CASE WHEN is_open THEN 'OPEN' ELSE 'CLOSED' END,
  CASE WHEN NOT is_open THEN placed_at + interval '8 days' END, 'HAND'
FROM bench.handled CROSS JOIN LATERAL (SELECT luck < 100 AS is_open) o
WHERE fate BETWEEN 62 AND 64 AND stage = 'COMPLETED';

INSERT INTO channels_difference (against, "on", scope, kind, key, shop_id, warehouse_id, order_id,
  shipment_id, waybill, ours, theirs, state, why, found_at, ended_at)
SELECT 'HOUSE', s.shipped_at::date, 0, 'NOT_TOLD', s.number, h.shop_id, s.warehouse_id, h.id, s.id,
  s.waybill, '', '', CASE WHEN is_open THEN 'OPEN' ELSE 'SETTLED' END,
  CASE WHEN is_open THEN '' ELSE '平台已补传' END, s.shipped_at,
  CASE WHEN NOT is_open THEN s.shipped_at + interval '1 day' END
FROM bench.handled h JOIN warehouse_shipment s ON s.id = h.id AND s.shipped_at IS NOT NULL
CROSS JOIN LATERAL (SELECT luck < 20 AS is_open) o
WHERE fate BETWEEN 65 AND 69;

INSERT INTO orders_deadline (order_id, ship_by)
SELECT id, promise_at FROM bench.handled WHERE fate BETWEEN 900 AND 999 AND promise_at IS NOT NULL;

INSERT INTO warehouse_carriage (shipment_id, carrier_id, ground, fee_fen, hours, others, chosen_at)
SELECT s.id, s.carrier_id, 'RANK', 600, 50, '[]', s.made_at
FROM warehouse_shipment s WHERE bench.dice(s.id, 107) < 0.1;

INSERT INTO channels_publication (code_id, shop_id, quantity, version, captured_at, state, done_at)
SELECT c.id, c.shop_id, bench.throw(c.id, 108 + v, 50), -v, now() - v * interval '8 hours', 'DONE',
  now() - v * interval '8 hours'
FROM catalog_shopcode c CROSS JOIN generate_series(1, 2) v WHERE c.sku_id IS NOT NULL;

INSERT INTO warehouse_prepack (warehouse_id, sku_id, pieces, boxes, used)
SELECT (SELECT min(id) FROM people_warehouse), id, 1, 60, 20
FROM catalog_sku WHERE bench.dice(id, 110) < 0.02;

INSERT INTO catalog_substitute (sku_id, instead_id, rank, keeps_price)
SELECT a.id, b.id, 1, true FROM catalog_sku a JOIN catalog_sku b ON b.id = a.id + 1
WHERE bench.dice(a.id, 111) < 0.2;

INSERT INTO stock_expected (sku_id, warehouse_id, quantity, arrived, due_on, reference, comes_from,
  state)
SELECT id, (SELECT min(id) FROM people_warehouse), 100, 0, now()::date + bench.throw(id, 112, 30),
  'CG' || id, 'PURCHASE', 'OPEN'
FROM catalog_sku WHERE bench.dice(id, 113) < 0.2;

INSERT INTO warehouse_tariff (carrier_id, province, first_g, first_fen, step_g, step_fen)
SELECT c.id, p.province, 1000, 500 + c.rank * 100, 1000, 200
FROM warehouse_carrier c CROSS JOIN (SELECT DISTINCT province FROM bench.place) p;

INSERT INTO screening_force (order_id, by_id, by_name, why, at)
SELECT id, person_id, 'bench', '老客户，先发', placed_at FROM bench.handled WHERE fate = 70;
