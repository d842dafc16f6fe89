"""The tables on which carriers are chosen, as they stand now."""

from django.db import connection
from django.db.models import Model

VERSION = "SELECT md5(coalesce(string_agg(t::text, ',' ORDER BY t.id), '')) FROM {table} t"


def version_of(table: type[Model]) -> str:
    """Return what changes with every change of the table, and with nothing else."""
    with connection.cursor() as cursor:
        cursor.execute(VERSION.format(table=table._meta.db_table))
        return str(cursor.fetchone()[0])
