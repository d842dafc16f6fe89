-- Buyers whom somebody knows already: by account, then phone, then mail.
UPDATE buyer b SET customer_id = coalesce(
  (SELECT customer_id FROM customers_identity i
   WHERE i.kind = 'PLATFORM' AND i.scope = %(platform)s AND i.value = b.account),
  (SELECT customer_id FROM customers_identity i
   WHERE i.kind = 'PHONE' AND i.scope = '' AND i.value = b.phone),
  (SELECT customer_id FROM customers_identity i
   WHERE i.kind = 'MAIL' AND i.scope = '' AND i.value = b.mail))
WHERE b.customer_id IS NULL;
