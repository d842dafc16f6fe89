-- Who buys: known by the account at the platform, the phone or the mail; otherwise made.
-- Orders whose buyer the platform hides altogether have no customer.
CREATE TEMP TABLE buyer ON COMMIT DROP AS
SELECT platform_order,
  CASE WHEN buyer <> '' AND buyer NOT LIKE '%%**%%' THEN buyer END AS account,
  nullif(phone_key, '') AS phone,
  CASE WHEN mail LIKE '%%_@_%%' AND mail NOT LIKE '%%*%%' THEN lower(mail) END AS mail,
  coalesce(nullif(receiver_name, ''), nullif(buyer, ''), nullif(phone_key, ''), mail) AS name,
  NULL::bigint AS customer_id
FROM told WHERE verdict IN ('NEW', 'CHANGED') AND has_order AND customer_id IS NULL;
DELETE FROM buyer WHERE account IS NULL AND phone IS NULL AND mail IS NULL;
ANALYZE buyer;

UPDATE buyer b SET customer_id = coalesce(
  (SELECT customer_id FROM customers_identity i
   WHERE i.kind = 'PLATFORM' AND i.scope = %(platform)s AND i.value = b.account),
  (SELECT customer_id FROM customers_identity i
   WHERE i.kind = 'PHONE' AND i.scope = '' AND i.value = b.phone),
  (SELECT customer_id FROM customers_identity i
   WHERE i.kind = 'MAIL' AND i.scope = '' AND i.value = b.mail));

-- Two who meet the same new customer at once must not make two of them; who waited looks again.
-- The drawers are those of customers/meeting.py.
SELECT pg_advisory_xact_lock(20301, drawer) FROM (
  SELECT DISTINCT (crc32(convert_to(key, 'UTF8')) %% 256)::int AS drawer FROM buyer
  CROSS JOIN LATERAL (
    VALUES ('PLATFORM' || %(platform)s || account), ('PHONE' || phone), ('MAIL' || mail)
  ) AS known_by (key)
  WHERE key IS NOT NULL AND EXISTS (SELECT FROM buyer WHERE customer_id IS NULL)
  ORDER BY 1
) d;

UPDATE buyer b SET customer_id = coalesce(
  (SELECT customer_id FROM customers_identity i
   WHERE i.kind = 'PLATFORM' AND i.scope = %(platform)s AND i.value = b.account),
  (SELECT customer_id FROM customers_identity i
   WHERE i.kind = 'PHONE' AND i.scope = '' AND i.value = b.phone),
  (SELECT customer_id FROM customers_identity i
   WHERE i.kind = 'MAIL' AND i.scope = '' AND i.value = b.mail))
WHERE b.customer_id IS NULL;

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

INSERT INTO customers_address (customer_id, receiver_name, receiver_phone, province, city, district,
  street, address, division, zip, is_default, used_at)
SELECT DISTINCT ON (who.id, t.place_key, t.receiver_name, t.receiver_phone)
  who.id, receiver_name, receiver_phone, province,
  city, district, street, address, division, zip, false, now()
FROM told t LEFT JOIN buyer b USING (platform_order)
CROSS JOIN LATERAL (SELECT coalesce(b.customer_id, t.customer_id) AS id) who
WHERE verdict IN ('NEW', 'CHANGED') AND who.id IS NOT NULL AND t.place_key <> ''
  AND NOT EXISTS (
    SELECT FROM customers_address a WHERE a.customer_id = who.id
      AND a.receiver_name = t.receiver_name AND a.receiver_phone = t.receiver_phone
      AND a.province = t.province AND a.city = t.city AND a.district = t.district
      AND a.street = t.street AND a.address = t.address);
