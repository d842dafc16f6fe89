"""What bare words in the search box of orders may mean.

Each meaning is a statement whose text stays, so that PostgreSQL plans them once; conditions such as
`buyer <> ''` name the index that holds only such rows.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import BooleanField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from gendan.orders.models import Line
from gendan.ui.finding.quick import Keys, Way, meant
from gendan.ui.statements import planned

COLUMNS = {
    column: f"SELECT id AS found FROM orders_order WHERE {column} = %s AND {column} <> ''"  # noqa: S608 (ours)
    for column in ("number", "platform_order", "buyer")
}
WAYBILL = """
SELECT l.order_id AS found FROM warehouse_shipment s
JOIN warehouse_shipmentline l ON l.shipment_id = s.id WHERE s.waybill = %s AND s.waybill <> ''
"""
PHONE = "SELECT id AS found FROM orders_order WHERE receiver_phone = ANY(%s)"
END_OF_PHONE = 'SELECT id AS found FROM orders_order WHERE "right"(receiver_phone, 4) = %s'
# As `LIKE 'text%'`, of which an index knows only where it is planned anew for each text; in the
# index's order, so that nobody looks for all of a frequent surname first.
NAMED = """
FROM orders_order WHERE receiver_name ~>=~ %s AND receiver_name ~<~ (%s || chr(1114111))
ORDER BY receiver_name USING ~<~
"""
NAME, NAMES = f"SELECT id AS found {NAMED}", f"SELECT {NAMED}"
TITLED = "catalog_bigrams(title) @> catalog_bigrams(%s) AND strpos(upper(title), upper(%s)) > 0"
SKUS = f"SELECT id FROM catalog_sku WHERE {TITLED}"  # noqa: S608 (ours)
GOODS = "SELECT order_id AS found FROM orders_line WHERE sku_id = ANY(%s::bigint[])"
UNMAPPED = f"SELECT order_id AS found FROM orders_line WHERE sku_id IS NULL AND {TITLED}"  # noqa: S608 (ours)


def quick(text: str) -> Q:
    """Return the orders that bare words may mean."""
    return meant(_ways(text.strip()))


def _ways(text: str) -> Iterator[Way]:
    yield _way(COLUMNS["number"], Q(number=text.upper()), text.upper())
    if text:
        yield _way(COLUMNS["platform_order"], Q(platform_order=text), text)
        yield _way(COLUMNS["buyer"], Q(buyer=text), text)
        yield _way(WAYBILL, Q(shipment_lines__shipment__waybill=text), text)
    digits = text.replace(" ", "").replace("-", "")
    if digits.isascii() and digits.isdecimal():
        yield _way(PHONE, Q(receiver_phone__in={text, digits}), [text, digits])
        if len(digits) == 4:
            yield _way(END_OF_PHONE, Q(), digits)
    elif text:
        begins = Q(receiver_name__startswith=text)
        yield Way(Keys(NAME, [text, text], counted=NAMES), begins)
    if len(text) > 1 and not digits.isdecimal():
        yield from _of_goods(text)


def _way(statement: str, met: Q, *values: Any) -> Way:
    return Way(Keys(statement, values), met)


def _of_goods(text: str) -> Iterator[Way]:
    """The orders with goods of such a title; what has no SKU yet is called as its shop calls it."""
    own = Line.objects.filter(order=OuterRef("pk"))
    if skus := _skus(text):
        yield _way(GOODS, Q(_one_by_one(own.filter(sku__any=skus))), skus)
    unmapped = own.filter(sku=None, title__icontains=text)
    yield _way(UNMAPPED, Q(_one_by_one(unmapped)), text, text)


def _skus(text: str) -> Sequence[int]:
    with planned() as cursor:
        cursor.execute(SKUS, [text, text])
        return [pk for (pk,) in cursor.fetchall()]


def _one_by_one(rows: QuerySet[Any, Any]) -> Coalesce:
    """Whether there is such a row, asked for each order: an `EXISTS` would be made a hash first."""
    there = rows.order_by().values(there=Value(True))[:1]
    return Coalesce(Subquery(there, output_field=BooleanField()), Value(False))
