-- Orders whose platform told something new. Before the goods are reserved the order follows the
-- platform; afterwards only the platform's word is noted and a person decides.
CREATE TEMP TABLE change ON COMMIT DROP AS
SELECT t.known_id AS id, t.*,
  t.known_stage IN ('DRAFT', 'UNPAID', 'UNCONFIRMED', 'SCREENING', 'HELD') AS may_follow,
  left(t.hash, 16) <> left(t.known_hash, 16) AS state_changed,
  substr(t.hash, 17, 16) <> substr(t.known_hash, 17, 16) AS place_changed,
  substr(t.hash, 33, 16) <> substr(t.known_hash, 33, 16) AS words_changed,
  substr(t.hash, 49, 16) <> substr(t.known_hash, 49, 16) AS lines_changed
FROM told t WHERE t.verdict = 'CHANGED';
CREATE INDEX ON change (platform_order);
ANALYZE change;
