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
