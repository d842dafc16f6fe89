"""Goods that come in, are found to be missing or too many, or are put elsewhere."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.people.models import Warehouse
from gendan.stock.models import Balance, Movement
from gendan.stock.sets import refuse_sets
from gendan.stock.writing import Change, write
from gendan.ui.errors import Refused

PLACE = """
INSERT INTO stock_location (sku_id, warehouse_id, code)
SELECT sku, %s, code FROM unnest(%s::bigint[], %s::text[]) AS n (sku, code) ORDER BY sku
ON CONFLICT (sku_id, warehouse_id) DO UPDATE SET code = excluded.code
WHERE stock_location.code <> excluded.code
"""


class NothingToDo(Refused):
    """No quantity was given, or a negative one where goods come in."""


class Goods(NamedTuple):
    """So many pieces of a SKU."""

    sku_id: int
    quantity: int


def open_stock(goods: Sequence[Goods], warehouse: Warehouse, *, by: Actor, document: str) -> int:
    """Enter the stock with which the house begins; what is known already is not added again.

    :raises NothingToDo: if a quantity is not positive
    :raises IsSet: if any of the SKUs is a set
    """
    _check(goods)
    with transaction.atomic():
        refuse_sets(item.sku_id for item in goods)
        known = set(_balances(goods, warehouse).values_list("sku_id", flat=True))
        fresh = _changes((item for item in goods if item.sku_id not in known), warehouse)
        with entry("stock.opened", by=by, warehouse=warehouse.name, count=len(fresh)) as opened:
            return write(fresh, Movement.OPENING, entry=opened, document=document)


def receive(
    goods: Sequence[Goods], warehouse: Warehouse, *, by: Actor, document: str = "", why: str = ""
) -> int:
    """Take goods in. Orders that wait for them are served by the next reservation.

    :raises NothingToDo: if a quantity is not positive
    :raises IsSet: if any of the SKUs is a set
    """
    _check(goods)
    facts = {"warehouse": warehouse.name, "count": sum(item.quantity for item in goods)}
    with entry("stock.received", by=by, why=why, document=document, **facts) as opened:
        refuse_sets(item.sku_id for item in goods)
        return write(_changes(goods, warehouse), Movement.RECEIVED, entry=opened, document=document)


def adjust(goods: Sequence[Goods], warehouse: Warehouse, *, by: Actor, why: str) -> int:
    """Correct what is on hand by so many pieces, up or down, for a reason.

    :raises NothingToDo: if there is no reason or nothing to correct
    :raises IsSet: if any of the SKUs is a set
    :raises NotEnoughStock: if promised pieces would be missing
    """
    changes = [item for item in goods if item.quantity]
    if not why.strip() or not changes:
        raise NothingToDo(_("Say by how many pieces, and why."))
    with entry("stock.adjusted", by=by, why=why, warehouse=warehouse.name) as opened:
        refuse_sets(item.sku_id for item in changes)
        return write(_changes(changes, warehouse), Movement.ADJUSTED, entry=opened)


def count(goods: Sequence[Goods], warehouse: Warehouse, *, by: Actor, why: str) -> int:
    """Bring what is on hand to what was counted; return how many SKUs differed.

    :raises NothingToDo: if a count is negative
    :raises IsSet: if any of the SKUs is a set
    :raises NotEnoughStock: if fewer were counted than are promised
    """
    if any(item.quantity < 0 for item in goods):
        raise NothingToDo(_("A count can't be negative."))
    with entry("stock.counted", by=by, why=why, warehouse=warehouse.name) as opened:
        refuse_sets(item.sku_id for item in goods)
        locked = _balances(goods, warehouse).order_by("sku_id").select_for_update()
        on_hand = dict(locked.values_list("sku_id", "on_hand"))
        changes = [
            Change(item.sku_id, warehouse.pk, item.quantity - on_hand.get(item.sku_id, 0))
            for item in goods
            if item.quantity != on_hand.get(item.sku_id, 0)
        ]
        return write(changes, Movement.COUNTED, entry=opened)


def place_at(places: dict[int, str], warehouse: Warehouse, *, by: Actor, why: str = "") -> int:
    """Say where in the warehouse SKUs (by id) lie; return how many places are new."""
    with (
        entry("stock.placed", by=by, why=why, warehouse=warehouse.name),
        connection.cursor() as cursor,
    ):
        cursor.execute(PLACE, [warehouse.pk, list(places), list(places.values())])
        return int(cursor.rowcount)


def _check(goods: Iterable[Goods]) -> None:
    if any(item.quantity <= 0 for item in goods):
        raise NothingToDo(_("The quantity must be more than zero."))


def _changes(goods: Iterable[Goods], warehouse: Warehouse) -> list[Change]:
    return [Change(item.sku_id, warehouse.pk, item.quantity) for item in goods]


def _balances(goods: Iterable[Goods], warehouse: Warehouse) -> "QuerySet[Balance]":
    return Balance.objects.filter(warehouse=warehouse, sku_id__any=[item.sku_id for item in goods])
