-- What every order will have been through: one narrow row each, from which all tables are filled.
-- They stand in the order in which rows were written last, but for a tenth that stands anywhere.

CREATE UNLOGGED TABLE bench.shop AS
SELECT row_number() OVER (ORDER BY id)::int - 1 AS k, id, code, platform, ship_hours
FROM people_shop WHERE is_active;

CREATE UNLOGGED TABLE bench.warehouse AS
SELECT row_number() OVER (ORDER BY rank, id)::int - 1 AS k, id FROM people_warehouse;

CREATE UNLOGGED TABLE bench.carrier AS
SELECT row_number() OVER (ORDER BY rank, id)::int - 1 AS k, id FROM warehouse_carrier;

CREATE UNLOGGED TABLE bench.person AS
SELECT row_number() OVER (ORDER BY id)::int - 1 AS k, id, name FROM people_person;

CREATE UNLOGGED TABLE bench.sku AS
SELECT row_number() OVER (ORDER BY bench.dice(id, 90))::int - 1 AS k, id, code, title,
  specification, price_fen, weight_g
FROM catalog_sku WHERE is_active;

CREATE UNLOGGED TABLE bench.customer AS
SELECT k,
  substr('王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹', 1 + bench.throw(k, 1, 30), 1)
    || substr('伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰飞鹏辉宇欣怡晨雨梓涵浩然子轩',
              1 + bench.throw(k, 2, 42), 1)
    || CASE WHEN bench.dice(k, 3) < 0.6 THEN
         substr('伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰飞鹏辉宇欣怡晨雨梓涵浩然子轩',
                1 + bench.throw(k, 4, 42), 1) ELSE '' END AS name,
  '1' || 3 + bench.throw(k, 5, 7) || lpad((k * 387420489 % 1000000000)::text, 9, '0') AS phone,
  'tb' || lpad((k * 15485863 % 100000000)::text, 8, '0') AS account,
  p.*,
  (ARRAY['文一路', '人民路', '中山路', '解放路', '建设路', '新华路', '和平路', '长江路', '黄河路',
         '湖滨街', '学府街', '迎宾大道'])[1 + bench.throw(k, 6, 12)]
    || 1 + bench.throw(k, 7, 900) || '号' || 1 + bench.throw(k, 8, 20) || '栋'
    || 101 + bench.throw(k, 9, 1800) || '室' AS address
FROM generate_series(1::bigint, greatest(1, :orders * 3 / 10)) k
JOIN bench.place p ON p.place = bench.throw(k, 10, (SELECT count(*)::int FROM bench.place));

CREATE UNLOGGED TABLE bench.orders AS
WITH thrown AS (
  SELECT i, (:orders - i + bench.dice(i, 20)) / :orders AS age, bench.dice(i, 21) AS fate,
    bench.dice(i, 22) AS luck
  FROM generate_series(1::bigint, :orders) i
), fated AS (
  SELECT i, luck, now() - interval '180 days' * age AS placed_at, CASE
    WHEN fate < 0.03 THEN 'CANCELLED' WHEN age > 0.09 THEN 'COMPLETED'
    WHEN age > 0.04 THEN 'DELIVERED' ELSE (
      SELECT step FROM (VALUES (0.03, 'DRAFT'), (0.10, 'SCREENING'), (0.14, 'UNCONFIRMED'),
        (0.19, 'UNPAID'), (0.22, 'READY'), (0.27, 'HELD'), (0.30, 'SHORT'), (0.32, 'TO_PLAN'),
        (0.38, 'PLANNED'), (0.43, 'RELEASED'), (0.47, 'PICKED'), (0.51, 'PACKED'), (2, 'SHIPPED')
      ) s (below, step) WHERE age / 0.04 * 0.75 + luck * 0.25 < below ORDER BY below LIMIT 1)
    END AS step,
    fate > 0.015 AS pays
  FROM thrown
), timed AS (
  SELECT f.*, s.past, least(now() - placed_at, interval '5 days') AS reach
  FROM fated f JOIN bench.step s USING (step)
)
SELECT i, step, past, s.id AS shop_id, s.code AS shop, s.platform, w.id AS warehouse_id,
  w.k AS warehouse, 1 + floor(power(bench.dice(i, 23), 1.6)
    * greatest(1, :orders * 3 / 10))::int AS customer,
  1 + bench.throw(i, 24, 5) AS lines, past >= 7 AS promised, pays,
  placed_at,
  placed_at + reach * 0.01 AS made_at,
  CASE WHEN past >= 2 OR step = 'CANCELLED' AND pays THEN placed_at + reach * 0.004 END AS paid_at,
  CASE WHEN past >= 5 THEN placed_at + reach * 0.02 END AS released_at,
  CASE WHEN past >= 7 THEN placed_at + reach * 0.021 END AS allocated_at,
  CASE WHEN past >= 8 THEN placed_at + reach * 0.023 END AS planned_at,
  CASE WHEN past >= 9 THEN placed_at + reach * 0.1 END AS waved_at,
  CASE WHEN past >= 10 THEN placed_at + reach * (0.11 + luck * 0.02) END AS picked_at,
  CASE WHEN past >= 11 THEN placed_at + reach * (0.14 + luck * 0.05) END AS packed_at,
  CASE WHEN past >= 12 THEN placed_at + reach * (0.2 + luck * 0.1) END AS shipped_at,
  CASE WHEN past >= 13
    THEN placed_at + reach * (0.2 + luck * 0.1) + interval '1 day' * (1 + luck * 3) END
    AS delivered_at,
  CASE WHEN past >= 14
    THEN placed_at + reach * (0.2 + luck * 0.1) + interval '1 day' * (8 + luck * 3) END
    AS completed_at,
  CASE WHEN step = 'CANCELLED' THEN placed_at + reach * (0.02 + luck * 0.3) END AS cancelled_at,
  CASE WHEN past >= 2 THEN placed_at + reach * 0.004 + interval '1 hour' * ship_hours END
    AS promise_at,
  bench.throw(i, 25, 1000) AS mishap
FROM timed t
JOIN bench.shop s ON s.k = floor(power(bench.dice(i, 26), 2) * (SELECT count(*) FROM bench.shop))
JOIN bench.warehouse w ON w.k = floor(power(bench.dice(i, 27), 2)
  * (SELECT count(*) FROM bench.warehouse))
ORDER BY CASE WHEN bench.dice(i, 28) < 0.1
  THEN now() - interval '180 days' * bench.dice(i, 29)
  ELSE coalesce(placed_at + interval '12 days' * past / 14, placed_at) END;

CREATE UNLOGGED TABLE bench.lines AS
SELECT o.i, o.i * 5 - 5 + p AS id, p AS position, s.id AS sku_id, s.code, s.title,
  s.specification, s.price_fen, s.weight_g,
  1 + (bench.dice(o.i * 5 + p, 31) < 0.12)::int + (bench.dice(o.i * 5 + p, 31) < 0.04)::int
    AS quantity,
  NOT (o.step = 'HELD' AND o.mishap < 250 AND p = 1) AS mapped
FROM bench.orders o CROSS JOIN LATERAL generate_series(1, o.lines) p
JOIN bench.sku s ON s.k = floor(power((SELECT count(*) FROM bench.sku),
  bench.dice(o.i * 5 + p, 30)))::int - 1;

CREATE UNLOGGED TABLE bench.sums AS
SELECT i, sum(quantity * price_fen)::bigint AS fen, sum(quantity)::int AS pieces,
  count(DISTINCT sku_id)::int AS kinds, sum(quantity * weight_g)::int AS weight_g
FROM bench.lines GROUP BY i;

-- The acts: what was done to many at once stands once for each hour and place.
CREATE UNLOGGED TABLE bench.acts AS
SELECT row_number() OVER (ORDER BY at, verb, key) + (SELECT coalesce(max(id), 0) FROM journal_entry)
  AS id, verb, key, at, of_rows
FROM (
  SELECT a.verb, a.key, max(a.at) AS at, count(*) AS of_rows
  FROM bench.orders o CROSS JOIN LATERAL (VALUES
    ('order.imported', bench.hour(made_at) * 64 + shop_id, made_at),
    ('order.paid', i, CASE WHEN step = 'CANCELLED' AND pays THEN cancelled_at END),
    ('order.cancelled', i, cancelled_at),
    ('order.screened', bench.hour(coalesce(released_at, CASE WHEN past = 4 THEN made_at END)),
      coalesce(released_at, CASE WHEN past = 4 THEN made_at END)),
    ('stock.reserved', bench.hour(coalesce(allocated_at, CASE WHEN past = 6 THEN released_at END)),
      coalesce(allocated_at, CASE WHEN past = 6 THEN released_at END)),
    ('shipment.planned', bench.hour(planned_at), planned_at),
    ('shipment.released', bench.hour(waved_at) * 64 + warehouse_id, waved_at),
    ('shipment.picked', bench.hour(picked_at) * 64 + warehouse_id, picked_at),
    ('shipment.packed', i, packed_at),
    ('shipment.shipped', bench.hour(shipped_at) * 64 + warehouse_id, shipped_at),
    ('shipment.delivered', bench.hour(delivered_at), delivered_at),
    ('order.completed', bench.hour(completed_at), completed_at)
  ) a (verb, key, at)
  WHERE a.at IS NOT NULL GROUP BY a.verb, a.key
) done;
CREATE INDEX ON bench.acts (verb, key);
