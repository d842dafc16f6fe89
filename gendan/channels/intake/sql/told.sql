-- What the chosen orders are told to be: the file's words, merged, added up and compared.
-- Parameters: file, rows ('WHOLE', 'ORDERS', 'LINES'), shop; `told_part` is there.
-- What is in the house or staged is looked up order by order, however much of it there is.

-- Of two files that both hold the lines of an order, the later one counts.
CREATE TEMP TABLE told_line ON COMMIT DROP AS
WITH latest AS (
  SELECT platform_order, (
    SELECT max(l.file_id) FROM channels_stagedline l
    JOIN channels_incomingfile f ON f.id = l.file_id AND f.shop_id = %(shop)s
      AND f.state NOT IN ('WAITS', 'READING')
    WHERE l.platform_order = c.platform_order AND (%(rows)s <> 'WHOLE' OR l.file_id = %(file)s)
  ) AS file_id
  FROM chosen c
), numbered AS (
  SELECT l.*, row_number() OVER (
    PARTITION BY l.platform_order, l.key ORDER BY l.total_fen, l.quantity, l.row) AS nth,
    row_number() OVER (PARTITION BY l.platform_order, l.key ORDER BY l.row DESC) AS from_end
  FROM latest CROSS JOIN LATERAL (
    SELECT * FROM channels_stagedline l
    WHERE l.platform_order = latest.platform_order AND l.file_id = latest.file_id OFFSET 0
  ) l
)
SELECT platform_order, row, title, spec, code, quantity, total_fen, payable_fen, postage_fen,
  state, refund, is_gift, false AS is_cancelled,
  CASE WHEN NOT is_own_key THEN key
       WHEN nth = 1 THEN '~' || left(key, 70) ELSE '~' || left(key, 70) || '#' || nth END AS sub_order
FROM numbered WHERE is_own_key OR from_end = 1;

-- How far each order is, when its own word and those of its lines are taken together.
CREATE TEMP TABLE settled ON COMMIT DROP AS
WITH line AS (
  SELECT platform_order,
    bool_or(state <> '') AS has_states,
    count(*) FILTER (WHERE state <> 'CLOSED') AS live,
    count(*) FILTER (WHERE state IN ('SHIPPED', 'FINISHED')) AS shipped,
    bool_or(state = 'FORBIDDEN') AS forbidden,
    bool_or(state = 'REFUNDING' OR refund = 'ASKED') FILTER (WHERE state <> 'CLOSED') AS refunding,
    bool_and(refund = 'DONE' OR is_gift OR state = 'CLOSED') AND bool_or(refund = 'DONE') AS refunded,
    (array_agg(state ORDER BY row) FILTER (WHERE state NOT IN ('', 'CLOSED')))[1] AS first_state
  FROM told_line GROUP BY 1
)
SELECT c.platform_order, k.id AS known_id,
  CASE WHEN o.platform_order IS NULL THEN k.platform_state
       WHEN said.state IN ('SHIPPED', 'FINISHED', 'CLOSED', 'UNPAID') AND NOT
            (line.has_states AND line.shipped > 0 AND line.shipped < line.live) THEN said.state
       WHEN line.has_states AND line.live = 0 AND %(rows)s = 'WHOLE' THEN 'CLOSED'
       WHEN said.state = 'PART' OR (line.shipped > 0 AND line.shipped < line.live)
         THEN CASE WHEN k.stage IN ('ALLOCATED', 'COMPLETED') THEN k.platform_state ELSE 'FORBIDDEN' END
       WHEN line.refunded THEN 'CLOSED'
       WHEN said.state = 'PAID' AND line.forbidden THEN 'FORBIDDEN'
       WHEN said.state IN ('PAID', 'FORBIDDEN') AND line.refunding THEN 'REFUNDING'
       ELSE said.state END AS state
FROM chosen c LEFT JOIN told_part o USING (platform_order) LEFT JOIN line USING (platform_order)
LEFT JOIN LATERAL (
  SELECT id, stage, platform_state FROM orders_order k WHERE k.shop_id = %(shop)s
    AND k.platform_order = c.platform_order AND k.platform_order <> '' OFFSET 0
) k ON true
CROSS JOIN LATERAL (
  SELECT CASE WHEN coalesce(o.state, '') IN ('', 'CLOSED') AND line.live > 0
                AND line.first_state <> '' AND %(rows)s = 'WHOLE' THEN line.first_state
              WHEN coalesce(o.state, '') <> '' THEN o.state
              WHEN o.paid_at IS NOT NULL OR o.paid_fen > 0 THEN 'PAID'
              ELSE 'UNKNOWN' END AS state
) said;

-- A closed or refunded line of a living order is not shipped.
UPDATE told_line l SET is_cancelled = true FROM settled s
WHERE s.platform_order = l.platform_order AND s.state <> 'CLOSED'
  AND (l.state = 'CLOSED' OR (l.refund = 'DONE' AND s.state NOT IN ('SHIPPED', 'FINISHED')));

-- `hash` holds four marks of 16 characters: state, place, money and words, lines. What the file
-- does not tell keeps the mark it had.
CREATE TEMP TABLE told ON COMMIT DROP AS
WITH line AS (
  SELECT platform_order,
    sum(total_fen) FILTER (WHERE NOT is_cancelled)::bigint AS goods,
    sum(postage_fen)::bigint AS postage,
    sum(payable_fen) FILTER (WHERE NOT is_cancelled)::bigint AS payable,
    left(md5(string_agg(concat_ws('|', sub_order, code, title, spec, quantity, total_fen, is_gift,
      is_cancelled, refund), chr(10) ORDER BY sub_order) FILTER (WHERE sub_order <> '')), 16) AS mark
  FROM told_line GROUP BY 1
)
SELECT s.platform_order, s.state, s.known_id, k.stage AS known_stage, k.content_hash AS known_hash,
  k.platform_state AS known_state, k.paid_fen AS known_paid_fen, k.customer_id,
  o.platform_order IS NOT NULL AS has_order, o.raw_status, at.modified_at, o.placed_at, o.paid_at,
  o.finished_at, o.latest_at, o.buyer, o.mail, o.receiver_name, o.receiver_phone, o.phone_key, o.raw_address,
  o.province, o.city, o.district, o.street, o.address, o.division, o.zip, o.place_key, o.method,
  o.is_cod, o.buyer_remark, o.seller_remark, o.flag, o.instruction, o.instruction_text,
  of.goods AS goods_fen, of.postage AS postage_fen, due.discount AS discount_fen,
  due.total AS total_fen,
  CASE WHEN s.state = 'CLOSED' THEN 0
       WHEN o.is_cod OR s.state IN ('UNPAID', 'UNKNOWN') THEN coalesce(o.paid_fen, 0)
       ELSE coalesce(o.paid_fen, due.total) END AS paid_fen,
  mark.hash,
  CASE WHEN s.known_id IS NULL THEN 'NEW'
       WHEN mark.hash = k.content_hash THEN 'SAME'
       WHEN at.modified_at < k.platform_modified_at THEN 'OLDER'
       WHEN rank.told < rank.known AND NOT coalesce(at.modified_at > k.platform_modified_at, false)
         THEN 'OLDER'
       ELSE 'CHANGED' END AS verdict
FROM settled s LEFT JOIN told_part o USING (platform_order) LEFT JOIN line USING (platform_order)
LEFT JOIN LATERAL (SELECT * FROM orders_order k WHERE k.id = s.known_id OFFSET 0) k ON true
CROSS JOIN LATERAL (SELECT
  coalesce(o.modified_at, greatest(o.placed_at, o.paid_at, o.shipped_at, o.finished_at)) AS modified_at
) at
CROSS JOIN LATERAL (SELECT
  coalesce(line.goods, k.goods_fen, o.payable_fen - coalesce(o.postage_fen, 0), 0) AS goods,
  coalesce(o.postage_fen, line.postage, k.postage_fen, 0) AS postage,
  coalesce(o.payable_fen, line.payable,
    CASE WHEN o.platform_order IS NULL THEN k.total_fen END) AS payable
) of
CROSS JOIN LATERAL (SELECT
  coalesce(o.discount_fen, greatest(0, of.goods + of.postage - of.payable)) AS discount,
  coalesce(of.payable, greatest(0, of.goods + of.postage - coalesce(o.discount_fen, 0))) AS total
) due
CROSS JOIN LATERAL (SELECT concat(
  CASE WHEN o.platform_order IS NULL THEN left(k.content_hash, 16) ELSE left(md5(concat_ws('|',
    s.state, o.raw_status, at.modified_at, o.paid_at, o.close_reason)), 16) END,
  CASE WHEN o.platform_order IS NULL THEN substr(k.content_hash, 17, 16) ELSE left(md5(concat_ws('|',
    o.receiver_name, o.receiver_phone, o.raw_address, o.province, o.city, o.district)), 16) END,
  CASE WHEN o.platform_order IS NULL THEN substr(k.content_hash, 33, 16) ELSE left(md5(concat_ws('|',
    o.discount_fen, o.postage_fen, o.payable_fen, o.paid_fen, o.buyer, o.buyer_remark,
    o.seller_remark, o.flag)), 16) END,
  coalesce(line.mark, substr(k.content_hash, 49, 16))) AS hash
) mark
CROSS JOIN LATERAL (SELECT
  (%(ranks)s::int[])[array_position(%(states)s::text[], s.state)] AS told,
  (%(ranks)s::int[])[array_position(%(states)s::text[], k.platform_state)] AS known
) rank;

CREATE INDEX ON told_line (platform_order);
ANALYZE told (platform_order, verdict);
ANALYZE told_line (platform_order);
