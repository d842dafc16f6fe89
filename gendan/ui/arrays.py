"""Lists of whole numbers on their way to the database.

An act names its set by a list of keys, thousands of them, in each of its statements. Psycopg looks
at every element for quotes; whole numbers have none.
"""

from typing import Any

import psycopg
from psycopg.abc import Buffer
from psycopg.types.array import ListDumper


class QuickListDumper(ListDumper):
    """Write whole numbers in one go, and everything else as psycopg does."""

    def dump(self, obj: list[Any]) -> Buffer | None:
        if set(map(type, obj)) == {int}:
            return f"{{{','.join(map(str, obj))}}}".encode()
        return super().dump(obj)


psycopg.adapters.register_dumper(list, QuickListDumper)
