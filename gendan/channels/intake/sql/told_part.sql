-- What the files say of the chosen orders themselves; of several files the latest counts.
-- A file that is still being read tells nothing: a row to come may hold a mistake.
CREATE TEMP TABLE told_part ON COMMIT DROP AS
SELECT DISTINCT ON (o.platform_order) {columns}
FROM chosen c JOIN channels_stagedorder o USING (platform_order)
JOIN channels_incomingfile f ON f.id = o.file_id AND f.shop_id = %(shop)s
  AND f.state NOT IN ('WAITS', 'READING')
WHERE %(rows)s <> 'WHOLE' OR o.file_id = %(file)s
ORDER BY o.platform_order, o.file_id DESC, o.row;
