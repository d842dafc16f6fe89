"""The SQL that lets the database keep the journal. Used by migrations only."""

from collections.abc import Sequence

from django.db.migrations import RunSQL

TABLES = """
CREATE TABLE journal_entry (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  verb text NOT NULL CHECK (verb <> ''),
  actor_kind text NOT NULL
    CHECK (actor_kind IN ('PERSON', 'KEY', 'JOB', 'CHANNEL', 'CUSTOMER', 'DATABASE')),
  actor_id bigint,
  actor_name text NOT NULL CHECK (actor_name <> ''),
  why text NOT NULL DEFAULT '',
  facts jsonb NOT NULL DEFAULT '{}',
  xid xid8 NOT NULL DEFAULT pg_current_xact_id()
);
CREATE INDEX journal_entry_actor ON journal_entry (actor_kind, actor_id, at);
CREATE INDEX journal_entry_at ON journal_entry (at);

CREATE TABLE journal_subject (
  id smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL UNIQUE,
  columns text[] NOT NULL DEFAULT '{}'
);

-- No foreign key and no primary key index: the triggers are the only writers, and an index more
-- costs every change in the house (docs/adr, "The database keeps the journal").
CREATE TABLE journal_change (
  id bigint GENERATED ALWAYS AS IDENTITY,
  entry_id bigint NOT NULL,
  subject smallint NOT NULL,
  operation "char" NOT NULL,
  subject_id bigint NOT NULL,
  before jsonb,
  after jsonb
);
CREATE INDEX journal_change_subject ON journal_change (subject, subject_id);
CREATE INDEX journal_change_entry ON journal_change (entry_id);
"""

FUNCTIONS = """
-- Open an entry for the rest of the transaction, or until another is opened; return it and the
-- one that was open before. From a database shell: SELECT journal_open('stock.mended', 'why').
CREATE FUNCTION journal_open(
  verb text, why text DEFAULT '', actor_kind text DEFAULT 'DATABASE', actor_id bigint DEFAULT NULL,
  actor_name text DEFAULT session_user, facts jsonb DEFAULT '{}',
  OUT opened bigint, OUT outer_entry text
) LANGUAGE plpgsql AS $$
BEGIN
  outer_entry := coalesce(current_setting('gendan.entry', true), '');
  INSERT INTO journal_entry (verb, why, actor_kind, actor_id, actor_name, facts)
  VALUES (verb, why, actor_kind, actor_id, actor_name, facts) RETURNING id INTO opened;
  PERFORM set_config('gendan.entry', opened::text, true);
END $$;

-- The entry that this transaction has opened. One from another transaction does not count, so
-- that nobody can hang a change on somebody else's act.
CREATE FUNCTION journal_open_entry(changed text) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
DECLARE
  entry bigint := nullif(current_setting('gendan.entry', true), '');
BEGIN
  IF entry IS NULL OR NOT EXISTS (
    SELECT FROM journal_entry e WHERE e.id = entry AND e.xid = pg_current_xact_id()
  ) THEN
    RAISE EXCEPTION '% was changed outside a journal entry', changed
      USING ERRCODE = 'restrict_violation',
            HINT = 'Open one in this transaction: SELECT journal_open(''verb'', ''why'');';
  END IF;
  RETURN entry;
END $$;

CREATE FUNCTION journal_hash(value text) RETURNS jsonb LANGUAGE sql STABLE AS $$
  -- Without the key (a database shell) the hash matches nothing, but it shows that there was one.
  SELECT to_jsonb('#' || left(encode(sha256(
    convert_to(coalesce(nullif(current_setting('gendan.journal_key', true), ''),
                        gen_random_uuid()::text) || value, 'UTF8')), 'hex'), 16))
$$;

CREATE FUNCTION journal_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% only grows: % is refused', TG_TABLE_NAME, TG_OP
    USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION journal_no_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'TRUNCATE of % is refused: it would leave no line in the journal', TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation';
END $$;

-- Refuse every change of a table but adding rows.
CREATE FUNCTION journal_append_only(target regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE OR REPLACE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON %s
                  FOR EACH STATEMENT EXECUTE FUNCTION journal_only_grows()', target);
END $$;

SELECT journal_append_only('journal_entry');
SELECT journal_append_only('journal_change');
"""

ATTACH = """
-- Journal a table: three trigger functions are written for its columns as they stand now, so that
-- they compare column by column and build no whole row. A column that is mentioned on one side
-- only was empty on the other. Call it again after adding a column.
-- `omitted` columns are never mentioned; `hashed` ones are kept as a keyed hash.
CREATE OR REPLACE FUNCTION journal_attach(
  target regclass, omitted text[] DEFAULT '{}', hashed text[] DEFAULT '{}'
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  name text := target::text;
  code smallint;
  columns text[];
  before text; after text; deleted text; differ text;
BEGIN
  SELECT array_agg(attname::text ORDER BY attnum) INTO columns FROM pg_attribute
  WHERE attrelid = target AND attnum > 0 AND NOT attisdropped AND attname <> 'id'
    AND attgenerated = '' AND attname <> ALL (omitted);
  INSERT INTO journal_subject (name, columns) VALUES (name, columns)
  ON CONFLICT ON CONSTRAINT journal_subject_name_key DO UPDATE SET columns = excluded.columns
  RETURNING id INTO code;
  SELECT
    string_agg(format('%L : CASE WHEN o.%I IS DISTINCT FROM n.%I THEN %s END', c, c, c,
      CASE WHEN c = ANY (hashed) THEN format('journal_hash(o.%I::text)', c)
           ELSE format('o.%I', c) END), ', '),
    string_agg(format('%L : CASE WHEN o.%I IS DISTINCT FROM n.%I THEN %s END', c, c, c,
      CASE WHEN c = ANY (hashed) THEN format('journal_hash(n.%I::text)', c)
           ELSE format('n.%I', c) END), ', '),
    string_agg(format('%L : %s', c,
      CASE WHEN c = ANY (hashed) THEN format('journal_hash(o.%I::text)', c)
           ELSE format('o.%I', c) END), ', '),
    string_agg(format('o.%I IS DISTINCT FROM n.%I', c, c), ' OR ')
  INTO before, after, deleted, differ FROM unnest(columns) c;

  EXECUTE format($f$
    CREATE OR REPLACE FUNCTION %1$I() RETURNS trigger LANGUAGE plpgsql AS $b$
    DECLARE opened bigint;
    BEGIN
      IF EXISTS (SELECT FROM new_rows) THEN
        opened := journal_open_entry(%3$L);
        INSERT INTO journal_change (entry_id, subject, operation, subject_id)
        SELECT opened, %2$s, 'I', n.id FROM new_rows n;
      END IF;
      RETURN NULL;
    END $b$ $f$, 'journal_i_' || name, code, name);
  EXECUTE format($f$
    CREATE OR REPLACE FUNCTION %1$I() RETURNS trigger LANGUAGE plpgsql AS $b$
    DECLARE opened bigint;
    BEGIN
      IF EXISTS (SELECT FROM new_rows) THEN
        opened := journal_open_entry(%3$L);
        INSERT INTO journal_change (entry_id, subject, operation, subject_id, before, after)
        SELECT opened, %2$s, 'U', n.id,
          json_object(%4$s ABSENT ON NULL RETURNING jsonb),
          json_object(%5$s ABSENT ON NULL RETURNING jsonb)
        FROM old_rows o JOIN new_rows n USING (id) WHERE %6$s;
      END IF;
      RETURN NULL;
    END $b$ $f$, 'journal_u_' || name, code, name, before, after, differ);
  EXECUTE format($f$
    CREATE OR REPLACE FUNCTION %1$I() RETURNS trigger LANGUAGE plpgsql AS $b$
    DECLARE opened bigint;
    BEGIN
      IF EXISTS (SELECT FROM old_rows) THEN
        opened := journal_open_entry(%3$L);
        INSERT INTO journal_change (entry_id, subject, operation, subject_id, before)
        SELECT opened, %2$s, 'D', o.id, json_object(%4$s NULL ON NULL RETURNING jsonb)
        FROM old_rows o;
      END IF;
      RETURN NULL;
    END $b$ $f$, 'journal_d_' || name, code, name, deleted);
  EXECUTE format('CREATE OR REPLACE TRIGGER journal_insert AFTER INSERT ON %1$s
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION %2$I()',
    target, 'journal_i_' || name);
  EXECUTE format('CREATE OR REPLACE TRIGGER journal_update AFTER UPDATE ON %1$s
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION %2$I()', target, 'journal_u_' || name);
  EXECUTE format('CREATE OR REPLACE TRIGGER journal_delete AFTER DELETE ON %1$s
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION %2$I()',
    target, 'journal_d_' || name);
  EXECUTE format('CREATE OR REPLACE TRIGGER journal_truncate BEFORE TRUNCATE ON %1$s
    FOR EACH STATEMENT EXECUTE FUNCTION journal_no_truncate()', target);
END $$;
"""


def journaled(*tables: str, omit: Sequence[str] = (), hashed: Sequence[str] = ()) -> RunSQL:
    """Return the migration step that journals tables; call it again after adding a column.

    `omit` names columns that are never mentioned (secrets), `hashed` those kept as a keyed hash.
    """
    return RunSQL(
        [
            (
                "SELECT journal_attach(%s::regclass, %s::text[], %s::text[])",
                [table, [*omit], [*hashed]],
            )
            for table in tables
        ],
        RunSQL.noop,
    )


def append_only(*tables: str) -> RunSQL:
    """Return the migration step that refuses every change of the tables but adding rows."""
    return RunSQL(
        [("SELECT journal_append_only(%s::regclass)", [table]) for table in tables], RunSQL.noop
    )
