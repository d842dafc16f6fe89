-- The buyers, what channels know them by, and where they have it sent.

INSERT INTO customers_customer (id, name, phone, mail, company, level, tags, remark,
  blacklist_reason, made_at)
SELECT k, name, phone, '', '', CASE WHEN bench.dice(k, 50) < 0.05 THEN 'VIP' ELSE '' END,
  CASE WHEN bench.dice(k, 51) < 0.1 THEN ARRAY['老客'] ELSE '{}' END, '', '',
  now() - interval '180 days' * bench.dice(k, 52)
FROM bench.customer;

INSERT INTO customers_identity (customer_id, kind, scope, value)
SELECT k, 'PHONE', '', phone FROM bench.customer
UNION ALL SELECT k, 'PLATFORM', 'TAOBAO', account FROM bench.customer;

INSERT INTO customers_address (customer_id, receiver_name, receiver_phone, province, city,
  district, street, address, division, zip, is_default, used_at)
SELECT k, name, phone, province, city, district, '', address, division, '', true, now()
FROM bench.customer;
