-- Who buys: known by the account at the platform, the phone or the mail.
-- Orders whose buyer the platform hides altogether have no customer.
CREATE TEMP TABLE buyer ON COMMIT DROP AS
SELECT platform_order,
  CASE WHEN buyer <> '' AND buyer NOT LIKE '%%**%%' THEN buyer END AS account,
  nullif(phone_key, '') AS phone,
  CASE WHEN mail LIKE '%%_@_%%' AND mail NOT LIKE '%%*%%' THEN lower(mail) END AS mail,
  coalesce(nullif(receiver_name, ''), nullif(buyer, ''), nullif(phone_key, ''), mail) AS name,
  NULL::bigint AS customer_id
FROM {told};
DELETE FROM buyer WHERE account IS NULL AND phone IS NULL AND mail IS NULL;
ANALYZE buyer;
