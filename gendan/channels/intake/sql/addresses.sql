-- Where customers had something sent, once each.
INSERT INTO customers_address (customer_id, receiver_name, receiver_phone, province, city, district,
  street, address, division, zip, is_default, used_at)
SELECT DISTINCT ON (who.id, t.place_key, t.receiver_name, t.receiver_phone)
  who.id, receiver_name, receiver_phone, province,
  city, district, street, address, division, zip, false, now()
FROM told t LEFT JOIN buyer b USING (platform_order)
CROSS JOIN LATERAL (SELECT coalesce(b.customer_id, t.customer_id) AS id) who
WHERE verdict IN ('NEW', 'CHANGED') AND who.id IS NOT NULL AND t.place_key <> ''
  AND (
    SELECT a.id FROM customers_address a WHERE a.customer_id = who.id
      AND a.receiver_name = t.receiver_name AND a.receiver_phone = t.receiver_phone
      AND a.province = t.province AND a.city = t.city AND a.district = t.district
      AND a.street = t.street AND a.address = t.address LIMIT 1) IS NULL;
