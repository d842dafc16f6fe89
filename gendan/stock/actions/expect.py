"""Goods that are to come: expected, come, called off."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.people.models import Warehouse
from gendan.stock.actions.goods import Goods, NothingToDo, receive
from gendan.stock.models import ComesFrom, Expected, ExpectedState
from gendan.stock.sets import refuse_sets
from gendan.ui.errors import Refused

# Known by reference, SKU and warehouse; what is called off or has come whole is opened again only
# by more pieces.
EXPECT = """
INSERT INTO stock_expected
  (reference, sku_id, warehouse_id, quantity, arrived, due_on, comes_from, state)
SELECT reference, sku, warehouse, quantity, 0, due, comes_from, 'OPEN'
FROM unnest(%(references)s::text[], %(skus)s::bigint[], %(warehouses)s::bigint[],
  %(quantities)s::int[], %(days)s::date[], %(comes_from)s::text[])
  AS n (reference, sku, warehouse, quantity, due, comes_from)
ORDER BY reference, sku, warehouse
ON CONFLICT (reference, sku_id, warehouse_id) DO UPDATE SET
  quantity = excluded.quantity, due_on = excluded.due_on, comes_from = excluded.comes_from,
  state = CASE WHEN stock_expected.arrived >= excluded.quantity THEN 'ARRIVED' ELSE 'OPEN' END
WHERE (stock_expected.quantity, stock_expected.due_on, stock_expected.comes_from)
  IS DISTINCT FROM (excluded.quantity, excluded.due_on, excluded.comes_from)
  OR stock_expected.state = 'CALLED_OFF'
RETURNING id
"""


class CannotExpect(Refused):
    """Fewer pieces than have come, none at all, or no number to know the delivery by."""


class NotExpected(Refused):
    """It has come already, was called off, or more came than was expected."""


@dataclass(frozen=True)
class Coming:
    """So many pieces of a SKU come to a warehouse on a day, under a number."""

    reference: str
    sku_id: int
    warehouse_id: int
    quantity: int
    due_on: date
    comes_from: str = ComesFrom.PURCHASE


def expect(news: Sequence[Coming], *, by: Actor, why: str = "") -> "QuerySet[Expected]":
    """Note what is to come, or what has changed about it; return what is new or changed.

    :raises CannotExpect: if a quantity is not positive, less than what came, or has no number
    :raises IsSet: if any of the SKUs is a set: what comes are its parts
    """
    news = list({(each.reference, each.sku_id, each.warehouse_id): each for each in news}.values())
    _refuse(news)
    with entry("stock.expected", by=by, why=why, count=len(news)), connection.cursor() as cursor:
        refuse_sets(each.sku_id for each in news)
        cursor.execute(
            EXPECT,
            {
                "references": [each.reference for each in news],
                "skus": [each.sku_id for each in news],
                "warehouses": [each.warehouse_id for each in news],
                "quantities": [each.quantity for each in news],
                "days": [each.due_on for each in news],
                "comes_from": [each.comes_from for each in news],
            },
        )
        return Expected.objects.filter(pk__any=[row[0] for row in cursor.fetchall()])


def arrive(came: Mapping[int, int], *, by: Actor, why: str = "") -> int:
    """Take in so many pieces of expected arrivals (by id); return the pieces.

    :raises NotExpected: if one is not expected any more, or more came than was expected
    """
    with entry("stock.arrived", by=by, why=why, count=len(came)):
        rows = Expected.objects.filter(pk__any=list(came)).select_related("warehouse")
        locked = list(rows.order_by("pk").select_for_update(of=("self",), no_key=True))
        if len(locked) != len(came):
            raise NotExpected(_("Some of it is not expected any more. Load the page again."))
        for row in locked:
            _take(row, came[row.pk])
        Expected.objects.bulk_update(locked, ["arrived", "state"])
        return _receive(locked, came, by=by, why=why)


def call_off(rows: "QuerySet[Expected]", *, by: Actor, why: str) -> int:
    """Say that what is still to come will not come; return how many arrivals that were.

    :raises NothingToDo: without a reason
    """
    if not why.strip():
        raise NothingToDo(_("Say why: customers may have been promised these goods."))
    with entry("stock.called_off", by=by, why=why):
        ids = list(rows.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))
        still = Expected.objects.filter(pk__any=ids, state=ExpectedState.OPEN)
        return still.update(state=ExpectedState.CALLED_OFF)


def _refuse(news: Sequence[Coming]) -> None:
    if any(each.quantity <= 0 for each in news):
        raise CannotExpect(_("The quantity must be more than zero."))
    if any(not each.reference.strip() for each in news):
        raise CannotExpect(
            _("Give the number of the order or delivery: by it the goods are known again.")
        )
    asked = {(each.reference, each.sku_id, each.warehouse_id): each.quantity for each in news}
    known = Expected.objects.filter(reference__in={each.reference for each in news}, arrived__gt=0)
    for row in known.select_related("sku"):
        if row.arrived > asked.get((row.reference, row.sku_id, row.warehouse_id), row.arrived):
            raise CannotExpect(
                ngettext(
                    "%(n)d piece of %(sku)s has come under %(reference)s already.",
                    "%(n)d pieces of %(sku)s have come under %(reference)s already.",
                    row.arrived,
                )
                % {"n": row.arrived, "sku": row.sku.code, "reference": row.reference}
            )


def _take(row: Expected, pieces: int) -> None:
    if pieces <= 0 or row.state != ExpectedState.OPEN or pieces > row.outstanding:
        raise NotExpected(
            ngettext(
                "%(n)d piece is expected under %(reference)s. Receive the others by themselves.",
                "%(n)d pieces are expected under %(reference)s. Receive the others by themselves.",
                row.outstanding,
            )
            % {"n": row.outstanding, "reference": row.reference}
        )
    row.arrived += pieces
    if row.arrived == row.quantity:
        row.state = ExpectedState.ARRIVED


def _receive(rows: Sequence[Expected], came: Mapping[int, int], *, by: Actor, why: str) -> int:
    deliveries: dict[tuple[Warehouse, str], list[Goods]] = defaultdict(list)
    for row in rows:
        deliveries[row.warehouse, row.reference].append(Goods(row.sku_id, came[row.pk]))
    for (warehouse, reference), goods in deliveries.items():
        receive(goods, warehouse, by=by, document=reference, why=why)
    return sum(came.values())
