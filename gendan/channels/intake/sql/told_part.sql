-- What the files say of the chosen orders themselves; of several files the latest counts.
-- A file that is still being read tells nothing: a row to come may hold a mistake.
-- Asked order by order: of fresh tables nothing is known, and a join may go through all of them.
CREATE TEMP TABLE told_part ON COMMIT DROP AS
SELECT o.* FROM chosen c CROSS JOIN LATERAL (
  SELECT {columns} FROM channels_stagedorder o
  JOIN channels_incomingfile f ON f.id = o.file_id AND f.shop_id = %(shop)s
    AND f.state NOT IN ('WAITS', 'READING')
  WHERE o.platform_order = c.platform_order AND (%(rows)s <> 'WHOLE' OR o.file_id = %(file)s)
  ORDER BY o.file_id DESC, o.row LIMIT 1
) o;
