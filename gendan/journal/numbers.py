"""Document numbers that the database gives: a prefix, the day, and a running number."""

from django.db.migrations import RunSQL


def numbered(function: str, prefix: str) -> RunSQL:
    """Return the migration step that makes a numbering function, such as GD2611210000042.

    The running number never starts again, so that a number is never given twice.
    """
    return RunSQL(
        f"""
        CREATE SEQUENCE {function}_seq;
        CREATE FUNCTION {function}() RETURNS text LANGUAGE sql VOLATILE AS $$
          SELECT '{prefix}' || to_char(now() AT TIME ZONE 'Asia/Shanghai', 'YYMMDD')
                 || lpad(n, greatest(7, length(n)), '0')
          FROM (SELECT nextval('{function}_seq')::text AS n) s
        $$;
        """,  # noqa: S608 (two names from a migration)
        f"DROP FUNCTION {function}(); DROP SEQUENCE {function}_seq;",
    )
