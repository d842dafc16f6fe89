-- The shop's codes of the chosen lines that nobody has seen; one may be our own code of a SKU.
-- Asked one by one: a join of fresh tables, of which nothing is known, may go through all of both.
CREATE TEMP TABLE unseen ON COMMIT DROP AS
SELECT l.code, (SELECT s.id FROM catalog_sku s WHERE s.code = l.code) AS sku_id, l.title, l.spec
FROM (
  SELECT DISTINCT ON (l.code) l.code, l.title, l.spec
  FROM chosen c JOIN channels_stagedline l USING (platform_order)
  JOIN channels_incomingfile f ON f.id = l.file_id AND f.shop_id = %(shop)s
  WHERE l.code <> '' AND (%(rows)s <> 'WHOLE' OR l.file_id = %(file)s)
  ORDER BY l.code
) l
WHERE (
  SELECT s.id FROM catalog_shopcode s WHERE s.shop_id = %(shop)s AND s.code = l.code
) IS NULL;
