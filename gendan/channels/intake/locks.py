"""Who may do what to a shop's intake at a time; every lock ends with its transaction.

Taken in this order: a shop's parts, the shop, the file.
"""

from collections.abc import Sequence

from django.db import connection

PARTS = (0, 1)
"""An order belongs to one of them by its number, so that two hands can act on a shop's orders."""

_PARTS = """
SELECT pg_advisory_xact_lock(hashtext('gendan.intake.part'), %s * 2 + part)
FROM unnest(%s::int[]) AS part
"""
_SHOP = "SELECT pg_advisory_xact_lock(hashtext('gendan.intake'), %s)"
_FILE = "SELECT FROM channels_incomingfile WHERE id = %s FOR NO KEY UPDATE"


def lock_parts(shop_id: int, parts: Sequence[int]) -> None:
    """Wait until nobody else makes orders of these parts of the shop."""
    _wait(_PARTS, shop_id % 2**30, sorted(parts))


def lock_shop(shop_id: int) -> None:
    """Wait until nobody else gets to know what the shop's orders have in common."""
    _wait(_SHOP, shop_id % 2**31)


def lock_file(file_id: int) -> None:
    """Wait until nobody else stages rows of the file."""
    _wait(_FILE, file_id)


def _wait(lock: str, *values: int | list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(lock, values)
