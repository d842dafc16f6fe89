-- Chance that is the same every time: of a number and a salt, so that every set can ask for it.

DROP SCHEMA IF EXISTS bench CASCADE;
CREATE SCHEMA bench;

CREATE FUNCTION bench.dice(i bigint, salt bigint) RETURNS float8 LANGUAGE sql
IMMUTABLE PARALLEL SAFE
RETURN ((hashint8extended(i, salt) >> 12) & 4503599627370495) / 4503599627370496::float8;

CREATE FUNCTION bench.throw(i bigint, salt bigint, sides int) RETURNS int LANGUAGE sql
IMMUTABLE PARALLEL SAFE RETURN floor(bench.dice(i, salt) * sides)::int;

CREATE FUNCTION bench.hour(at timestamptz) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN floor(extract(epoch FROM at) / 3600)::bigint;

CREATE UNLOGGED TABLE bench.place (
  place int, province text, city text, district text, division text
);

-- How far an order has come (past), where it stands, and where its parcel does.
CREATE UNLOGGED TABLE bench.step AS SELECT * FROM (VALUES
  ('CANCELLED', -1, 'CANCELLED', NULL), ('DRAFT', 0, 'DRAFT', NULL), ('UNPAID', 1, 'UNPAID', NULL),
  ('UNCONFIRMED', 2, 'UNCONFIRMED', NULL), ('SCREENING', 3, 'SCREENING', NULL),
  ('HELD', 4, 'HELD', NULL), ('READY', 5, 'READY', NULL), ('SHORT', 6, 'SHORT', NULL),
  ('TO_PLAN', 7, 'ALLOCATED', NULL), ('PLANNED', 8, 'ALLOCATED', 'PLANNED'),
  ('RELEASED', 9, 'ALLOCATED', 'RELEASED'), ('PICKED', 10, 'ALLOCATED', 'PICKED'),
  ('PACKED', 11, 'ALLOCATED', 'PACKED'), ('SHIPPED', 12, 'ALLOCATED', 'SHIPPED'),
  ('DELIVERED', 13, 'ALLOCATED', 'DELIVERED'), ('COMPLETED', 14, 'COMPLETED', 'DELIVERED')
) s (step, past, stage, parcel);
