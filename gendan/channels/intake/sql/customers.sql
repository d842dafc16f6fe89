-- Buyers whom nobody knows become customers.
WITH stranger AS (
  SELECT DISTINCT ON (coalesce('a' || account, 'p' || phone, 'm' || mail))
    coalesce('a' || account, 'p' || phone, 'm' || mail) AS key, name, phone, mail,
    nextval(pg_get_serial_sequence('customers_customer', 'id')) AS id
  FROM buyer WHERE customer_id IS NULL ORDER BY 1, platform_order
), made AS (
  INSERT INTO customers_customer (id, name, phone, mail, company, level, tags, remark,
    blacklist_reason, made_at)
  OVERRIDING SYSTEM VALUE
  SELECT id, left(name, 80), coalesce(phone, ''), coalesce(mail, ''), '', '', '{}', '', '', now()
  FROM stranger
)
UPDATE buyer b SET customer_id = s.id FROM stranger s
WHERE b.customer_id IS NULL AND s.key = coalesce('a' || b.account, 'p' || b.phone, 'm' || b.mail);

INSERT INTO customers_identity (customer_id, kind, scope, value)
SELECT DISTINCT ON (kind, value) customer_id, kind, scope, value FROM (
  SELECT customer_id, 'PLATFORM' AS kind, %(platform)s AS scope, account AS value FROM buyer
  UNION ALL SELECT customer_id, 'PHONE', '', phone FROM buyer
  UNION ALL SELECT customer_id, 'MAIL', '', mail FROM buyer
) i WHERE value IS NOT NULL AND NOT EXISTS (
  SELECT FROM customers_identity x WHERE (x.kind, x.scope, x.value) = (i.kind, i.scope, i.value)
) ORDER BY kind, value, customer_id
ON CONFLICT (kind, scope, value) DO NOTHING;
