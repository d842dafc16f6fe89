"""Completing what an order consists of before it is screened: its gifts, and the parts of sets."""

from collections.abc import Collection
from datetime import datetime

from django.db import connection

from gendan.journal.actors import Actor
from gendan.orders.actions.explode import explode
from gendan.orders.actions.give import give

# A house without gifts and sets pays this one look for a whole batch.
ANY = """
SELECT EXISTS (SELECT FROM orders_giftrule WHERE is_on), EXISTS (SELECT FROM catalog_setpart)
"""


def complete_goods(orders: Collection[int], *, by: Actor, now: datetime, why: str = "") -> None:
    """Give orders (by id, locked) their gifts and explode their sets, as far as there are any."""
    if not orders:
        return
    with connection.cursor() as cursor:
        cursor.execute(ANY)
        gifts, sets = cursor.fetchone()
    if gifts:
        give(orders, by=by, now=now, why=why)
    if sets:
        explode(orders, by=by, why=why)
