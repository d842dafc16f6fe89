-- What the chosen orders are told to be: the file's words, merged, added up and compared.
-- Parameters: file, orders_file_rows ('WHOLE', 'ORDERS', 'LINES'), shop.

CREATE TEMP TABLE told_part ON COMMIT DROP AS
SELECT DISTINCT ON (o.platform_order) o.*
FROM chosen c JOIN channels_stagedorder o USING (platform_order)
JOIN channels_incomingfile f ON f.id = o.file_id AND f.shop_id = %(shop)s
WHERE %(rows)s <> 'WHOLE' OR o.file_id = %(file)s
ORDER BY o.platform_order, o.file_id DESC, o.row;

-- Of two files that both hold the lines of an order, the later one counts.
CREATE TEMP TABLE told_line ON COMMIT DROP AS
WITH latest AS (
  SELECT l.platform_order, max(l.file_id) AS file_id
  FROM chosen c JOIN channels_stagedline l USING (platform_order)
  JOIN channels_incomingfile f ON f.id = l.file_id AND f.shop_id = %(shop)s
  WHERE %(rows)s <> 'WHOLE' OR l.file_id = %(file)s
  GROUP BY 1
), numbered AS (
  SELECT l.*, row_number() OVER (
    PARTITION BY l.platform_order, l.key ORDER BY l.total_fen, l.quantity, l.row) AS nth,
    row_number() OVER (PARTITION BY l.platform_order, l.key ORDER BY l.row DESC) AS from_end
  FROM latest JOIN channels_stagedline l USING (platform_order, file_id)
)
SELECT platform_order, row, title, spec, code, quantity, total_fen, payable_fen, postage_fen,
  state, refund, is_gift, false AS is_cancelled, NULL::bigint AS sku_id,
  CASE WHEN NOT is_own_key THEN key
       WHEN nth = 1 THEN '~' || left(key, 70) ELSE '~' || left(key, 70) || '#' || nth END AS sub_order
FROM numbered WHERE is_own_key OR from_end = 1;

CREATE TEMP TABLE told ON COMMIT DROP AS
WITH line AS (
  SELECT platform_order,
    count(*) AS number,
    bool_or(state <> '') AS has_states,
    count(*) FILTER (WHERE state <> 'CLOSED') AS live,
    count(*) FILTER (WHERE state IN ('SHIPPED', 'FINISHED')) AS shipped,
    bool_or(state = 'FORBIDDEN') AS forbidden,
    bool_or(state = 'REFUNDING' OR refund = 'ASKED') FILTER (WHERE state <> 'CLOSED') AS refunding,
    bool_and(refund = 'DONE' OR is_gift OR state = 'CLOSED') AND bool_or(refund = 'DONE') AS refunded,
    (array_agg(state ORDER BY row) FILTER (WHERE state NOT IN ('', 'CLOSED')))[1] AS first_state
  FROM told_line GROUP BY 1
), said AS (
  SELECT c.platform_order,
    CASE WHEN coalesce(o.state, '') IN ('', 'CLOSED') AND line.live > 0 AND line.first_state <> ''
              AND %(rows)s = 'WHOLE' THEN line.first_state
         WHEN coalesce(o.state, '') <> '' THEN o.state
         WHEN o.paid_at IS NOT NULL OR o.paid_fen > 0 THEN 'PAID'
         ELSE 'UNKNOWN' END AS state
  FROM chosen c LEFT JOIN told_part o USING (platform_order) LEFT JOIN line USING (platform_order)
), settled AS (
  SELECT said.platform_order,
    CASE WHEN o.platform_order IS NULL THEN k.platform_state
         WHEN said.state IN ('SHIPPED', 'FINISHED', 'CLOSED', 'UNPAID') AND NOT
              (line.has_states AND line.shipped > 0 AND line.shipped < line.live) THEN said.state
         WHEN line.has_states AND line.live = 0 AND %(rows)s = 'WHOLE' THEN 'CLOSED'
         WHEN said.state = 'PART' OR (line.shipped > 0 AND line.shipped < line.live)
           THEN CASE WHEN k.stage IN ('ALLOCATED', 'COMPLETED') THEN k.platform_state ELSE 'FORBIDDEN' END
         WHEN line.refunded THEN 'CLOSED'
         WHEN said.state = 'PAID' AND line.forbidden THEN 'FORBIDDEN'
         WHEN said.state IN ('PAID', 'FORBIDDEN') AND line.refunding THEN 'REFUNDING'
         ELSE said.state END AS state,
    line.number AS lines
  FROM said LEFT JOIN told_part o USING (platform_order) LEFT JOIN line USING (platform_order)
  LEFT JOIN orders_order k ON k.shop_id = %(shop)s AND k.platform_order = said.platform_order
)
SELECT s.platform_order, s.state, s.lines, k.id AS known_id, k.stage AS known_stage,
  k.content_hash AS known_hash, k.platform_state AS known_state,
  k.platform_modified_at AS known_modified_at, k.paid_fen AS known_paid_fen,
  k.goods_fen AS known_goods_fen, k.total_fen AS known_total_fen, k.discount_fen AS known_discount_fen,
  k.postage_fen AS known_postage_fen, k.customer_id,
  o.platform_order IS NOT NULL AS has_order, o.raw_status,
  coalesce(o.modified_at, greatest(o.placed_at, o.paid_at, o.shipped_at, o.finished_at)) AS modified_at,
  o.placed_at, o.paid_at, o.finished_at, o.buyer, o.mail, o.receiver_name, o.receiver_phone,
  o.phone_key, o.raw_address, o.province, o.city, o.district, o.street, o.address, o.division, o.zip,
  o.hidden, o.discount_fen AS told_discount_fen, o.postage_fen AS told_postage_fen,
  o.payable_fen AS told_payable_fen, o.paid_fen AS told_paid_fen, o.method, o.is_cod,
  o.buyer_remark, o.seller_remark, o.flag, o.instruction, o.instruction_text, o.close_reason,
  0::bigint AS goods_fen, 0::bigint AS discount_fen, 0::bigint AS postage_fen,
  0::bigint AS total_fen, 0::bigint AS paid_fen, ''::text AS hash, ''::text AS verdict,
  o.place_key
FROM settled s LEFT JOIN told_part o USING (platform_order)
LEFT JOIN orders_order k ON k.shop_id = %(shop)s AND k.platform_order = s.platform_order;

-- A closed or refunded line of a living order is not shipped.
UPDATE told_line l SET is_cancelled = true FROM told t
WHERE t.platform_order = l.platform_order AND t.state <> 'CLOSED'
  AND (l.state = 'CLOSED' OR (l.refund = 'DONE' AND t.state NOT IN ('SHIPPED', 'FINISHED')));

UPDATE told t SET
  goods_fen = m.goods,
  postage_fen = m.postage,
  discount_fen = coalesce(t.told_discount_fen, greatest(0, m.goods + m.postage - m.payable)),
  total_fen = coalesce(m.payable, greatest(0, m.goods + m.postage - coalesce(t.told_discount_fen, 0)))
FROM (
  SELECT t.platform_order,
    coalesce(l.goods, t.known_goods_fen, t.told_payable_fen - coalesce(t.told_postage_fen, 0), 0) AS goods,
    coalesce(t.told_postage_fen, l.postage, t.known_postage_fen, 0) AS postage,
    coalesce(t.told_payable_fen, l.payable,
      CASE WHEN NOT t.has_order THEN t.known_total_fen END) AS payable
  FROM told t LEFT JOIN (
    SELECT platform_order, sum(total_fen) FILTER (WHERE NOT is_cancelled) AS goods,
      sum(postage_fen) AS postage, sum(payable_fen) FILTER (WHERE NOT is_cancelled) AS payable
    FROM told_line GROUP BY 1
  ) l USING (platform_order)
) m WHERE m.platform_order = t.platform_order;

-- `discount_fen` is NULL where nothing was said of what is to be paid: then there is none.
UPDATE told SET discount_fen = coalesce(discount_fen, 0),
  paid_fen = CASE
    WHEN state = 'CLOSED' THEN 0
    WHEN is_cod OR state IN ('UNPAID', 'UNKNOWN') THEN coalesce(told_paid_fen, 0)
    ELSE coalesce(told_paid_fen, total_fen) END;

-- Four marks of 16 characters: state, place, money and words, lines. What the file does not tell
-- keeps the mark it had.
UPDATE told t SET hash = concat(
  CASE WHEN t.has_order THEN left(md5(concat_ws('|', t.state, t.raw_status, t.modified_at,
    t.paid_at, t.close_reason)), 16) ELSE left(t.known_hash, 16) END,
  CASE WHEN t.has_order THEN left(md5(concat_ws('|', t.receiver_name, t.receiver_phone,
    t.raw_address, t.province, t.city, t.district)), 16) ELSE substr(t.known_hash, 17, 16) END,
  CASE WHEN t.has_order THEN left(md5(concat_ws('|', t.told_discount_fen, t.told_postage_fen,
    t.told_payable_fen, t.told_paid_fen, t.buyer, t.buyer_remark, t.seller_remark, t.flag)), 16)
    ELSE substr(t.known_hash, 33, 16) END,
  coalesce(l.mark, substr(t.known_hash, 49, 16)))
FROM (
  SELECT c.platform_order, left(md5(string_agg(concat_ws('|', sub_order, code, title, spec, quantity,
    total_fen, is_gift, is_cancelled, refund), chr(10) ORDER BY sub_order)
    FILTER (WHERE sub_order <> '')), 16) AS mark
  FROM chosen c LEFT JOIN told_line USING (platform_order) GROUP BY 1
) l WHERE l.platform_order = t.platform_order;

UPDATE told SET verdict = CASE
  WHEN known_id IS NULL THEN 'NEW'
  WHEN hash = known_hash THEN 'SAME'
  WHEN modified_at < known_modified_at THEN 'OLDER'
  WHEN r.told < r.known AND NOT coalesce(modified_at > known_modified_at, false) THEN 'OLDER'
  ELSE 'CHANGED' END
FROM (
  SELECT t.platform_order, told.rank AS told, known.rank AS known FROM told t
  JOIN unnest(%(states)s::text[], %(ranks)s::int[]) AS told(state, rank) ON told.state = t.state
  LEFT JOIN unnest(%(states)s::text[], %(ranks)s::int[]) AS known(state, rank)
    ON known.state = t.known_state
) r WHERE r.platform_order = told.platform_order;

CREATE UNIQUE INDEX ON told (platform_order);
CREATE INDEX ON told_line (platform_order);
ANALYZE told; ANALYZE told_line;
