-- The shop's codes of all lines; one that nobody has mapped is remembered, or taken for our own.
INSERT INTO catalog_shopcode (shop_id, code, sku_id, seen_title, seen_specification)
SELECT DISTINCT ON (l.code) %(shop)s, l.code, s.id, l.title, l.spec
FROM told t JOIN told_line l USING (platform_order) LEFT JOIN catalog_sku s ON s.code = l.code
WHERE t.verdict IN ('NEW', 'CHANGED') AND l.code <> '' AND NOT EXISTS (
  SELECT FROM catalog_shopcode c WHERE c.shop_id = %(shop)s AND c.code = l.code)
ORDER BY l.code
ON CONFLICT (shop_id, code) DO NOTHING;
