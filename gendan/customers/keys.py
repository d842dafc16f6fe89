"""Keys that the database knows of and does not look up row by row. Used by migrations only.

Where a row is only ever written beside the row it names, or joined with it, and that row is never
deleted, looking it up again (and locking it) protects nothing. `gendan verify` asks every key.
"""

from django.db.migrations import RunSQL

STAY = """
CREATE OR REPLACE FUNCTION rows_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the rows of % stay: others name them', TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation';
END $$;
"""
GUARD = """
CREATE TRIGGER rows_stay BEFORE DELETE ON {0}
  FOR EACH STATEMENT EXECUTE FUNCTION rows_stay()
"""
KEY = "ALTER TABLE {} ALTER CONSTRAINT {} {}"


def staying(*tables: str) -> RunSQL:
    """Return the migration step that refuses to delete rows of the tables."""
    return RunSQL(
        [STAY, *(GUARD.format(table) for table in tables)],
        [f"DROP TRIGGER rows_stay ON {table}" for table in tables],
    )


def taken_on_trust(table: str, *keys: str) -> RunSQL:
    """Return the migration step after which foreign keys of a table are no longer looked up."""
    return RunSQL(
        [KEY.format(table, key, "NOT ENFORCED") for key in keys],
        [KEY.format(table, key, "ENFORCED") for key in keys],
    )
