"""What the rows of an order say, from what was asked for; `place` and `rewrite` enter them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from itertools import chain
from typing import Any

from gendan.customers.addresses import phone, place_key
from gendan.customers.meeting import KEEPING, MEET, WHOSE, Meeting, kept
from gendan.journal.writing import OPENED, at_once
from gendan.orders.models import Instruction, Line, Order, Payment
from gendan.orders.money import Priced
from gendan.orders.newcomers import (
    URGENT,
    NewOrder,
    Seller,
    Shelf,
    Wrong,
    summary,
    wrongs,
)
from gendan.ui.errors import Refused
from gendan.ui.statements import Document, numbered, planned
from gendan.worklist.opening import OPENING, NewItem, told

Columns = dict[str, Any]

ORDERS, LINES = Document(Order), Document(Line)
INSTRUCTIONS, PAYMENTS = Document(Instruction), Document(Payment)


def _belonging(contents: Document) -> str:
    """Return the SQL that writes rows which name their order by its place in the list."""
    columns = [column for column in contents.columns if column != '"order_id"']
    return f"""
  INSERT INTO {contents.table} (order_id, {", ".join(columns)})
  SELECT places.new_id, {", ".join(f"c.{column}" for column in columns)}
  FROM {contents.read} AS c JOIN places ON places.place = c.order_id
"""  # noqa: S608 (names of our own tables and columns)


PLACES = """places AS MATERIALIZED (
  SELECT nextval('orders_order_id_seq') AS new_id, place FROM unnest(%s::int[]) AS place
)"""
ENTERED = f"""entered AS (
  INSERT INTO orders_order (id, {", ".join(ORDERS.columns)})
  SELECT places.new_id, {", ".join(ORDERS.columns).replace('"customer_id"', "{whose}")}
  FROM {ORDERS.read} WITH ORDINALITY AS o JOIN places ON places.place = o.ordinality
  RETURNING id, number, stage_since, made_at, customer_id
)"""  # noqa: S608 (names of our own columns)
# Where payment is chased, an unpaid order becomes work when it is known not to be held out (`see`).
WAITING = OPENING.format(
    subject_id="entered.id",
    facts="n.facts || jsonb_build_object('number', entered.number)",
    about="""
JOIN places ON places.place = n.subject_id JOIN entered ON entered.id = places.new_id
WHERE n.kind <> 'UNPAID' OR NOT EXISTS (SELECT FROM orders_chaserules)""",
)


@cache
def _statement(*parts: str) -> str:
    """Return the statement that opens an entry and enters orders with these parts.

    What orders do not have is left out: to write nothing into a table takes PostgreSQL as long as
    to write a row.
    """
    whose = WHOSE if "met" in parts else "{row}.customer_id"
    texts = {
        "met": MEET,
        "orders": f"{PLACES}, {ENTERED.format(whose=whose.format(row='o'))}",
        "lines": f"lines AS ({_belonging(LINES)})",
        "instructions": f"instructions AS ({_belonging(INSTRUCTIONS)})",
        "payments": f"payments AS ({_belonging(PAYMENTS)})",
        "kept": f"kept AS ({KEEPING.format(customer=whose.format(row='n'))})",
        "waiting": f"waiting AS ({WAITING})",
    }
    written = ",\n".join(texts[part] for part in parts)
    return numbered(f"WITH {OPENED},\n{written}\nSELECT entered.* FROM entered, act")


class CannotPlace(Refused):
    """Something in the orders is missing or beyond the clerk's authority; none was placed."""

    def __init__(self, found: Sequence[Wrong], orders: int) -> None:
        super().__init__(summary(found, orders))
        self.wrongs = found


def refuse_wrong(news: Sequence[NewOrder], shelf: Shelf, by: Seller) -> None:
    """Refuse the orders if any of them has a fault that nobody was asked to allow.

    :raises CannotPlace: if so
    """
    found = [
        wrong
        for number, new in enumerate(news)
        for wrong in wrongs(new, shelf, by, number=number)
        if not (wrong.approvable and new.asks_approval)
    ]
    if found:
        raise CannotPlace(found, len(news))


def facts(new: NewOrder, shelf: Shelf) -> dict[str, Any]:
    """Return the columns that follow from what was asked for."""
    sums, address = shelf.sums(new), new.address
    return {
        "shop": shelf.shops[new.shop_id],
        "source": shelf.source(new),
        "buyer": new.buyer,
        "platform_order": new.platform_order,
        **place_of(new),
        "raw_address": address.line[:500],
        "place_key": place_key(address)[:64],
        "goods_fen": sums.goods_fen,
        "discount_fen": sums.discount_fen,
        "postage_fen": sums.postage_fen,
        "total_fen": sums.total_fen,
        "is_cod": new.is_cod,
        "wish_on": new.wish_on,
        "carrier_wish": new.carrier_wish,
        "buyer_remark": new.buyer_remark,
        "warehouse_remark": new.warehouse_remark,
        "priority": URGENT if new.is_urgent else 0,
    }


def add_contents(news: Mapping[int, NewOrder], shelf: Shelf) -> None:
    """Give the orders (by id) their lines and instructions."""
    Line.objects.bulk_create(Line(**row) for row in _lines(news, shelf))
    Instruction.objects.bulk_create(Instruction(**row) for row in _instructions(news))


def _lines(news: Mapping[int, NewOrder], shelf: Shelf) -> Iterator[Columns]:
    for order, new in news.items():
        for position, line in enumerate(shelf.sums(new).lines, start=1):
            yield _line(order, position, line)


def _instructions(news: Mapping[int, NewOrder]) -> Iterator[Columns]:
    for order, new in news.items():
        for wanted in dict.fromkeys(new.instructions):
            yield {
                "order_id": order,
                "code": wanted.code,
                "text": wanted.text.strip(),
                "on": wanted.on or (new.wish_on if wanted.code == "DELIVER_ON" else None),
            }


def enter(
    orders: Sequence[Order],
    news: Sequence[NewOrder],
    shelf: Shelf,
    *,
    met: Meeting,
    items: Sequence[NewItem],
    said: Sequence[Any],
    now: datetime,
) -> None:
    """Write new orders with all that belongs to them, and give them their ids and numbers.

    One statement opens the entry, too. What belongs to an order names it by its place in the list
    until PostgreSQL knows its id.
    """
    placed = dict(enumerate(news, start=1))
    values = {
        "met": met.values,
        "orders": [list(placed), ORDERS.of(vars(order) for order in orders)],
        "lines": LINES.any(_lines(placed, shelf)),
        "instructions": INSTRUCTIONS.any(_instructions(placed)),
        "payments": PAYMENTS.any(_payments(placed, now)),
        "kept": kept(_addresses(orders, news), now=now),
        "waiting": told(items, now=now),
    }
    parts = [part for part, known in values.items() if known]
    with at_once(), planned(is_numbered=True) as cursor:
        cursor.execute(_statement(*parts), [*said, *chain(*values.values())])
        for order, row in zip(orders, sorted(cursor.fetchall()), strict=True):
            order.pk, order.number, order.stage_since, order.made_at, order.customer_id = row
            order._state.adding = False


def _addresses(orders: Sequence[Order], news: Sequence[NewOrder]) -> Iterator[Columns]:
    for order, new in zip(orders, news, strict=True):
        if order.customer_id and new.address.detail:
            yield {**place_of(new), "customer_id": order.customer_id}


def _payments(news: Mapping[int, NewOrder], now: datetime) -> Iterator[Columns]:
    for order, new in news.items():
        if new.paid:
            yield {**vars(new.paid), "order_id": order, "at": new.paid.at or now}


def _line(order: int, position: int, line: Priced) -> Columns:
    return {
        "order_id": order,
        "position": position,
        "sku_id": line.sku.pk,
        "title": line.sku.title,
        "specification": line.sku.specification,
        "quantity": line.line.quantity,
        "price_fen": line.price_fen,
        "discount_fen": line.line.discount_fen,
        "total_fen": line.total_fen,
        "is_gift": line.line.is_gift,
    }


def place_of(new: NewOrder) -> dict[str, str]:
    """Return who receives it, and where."""
    address = new.address
    return {
        "receiver_name": new.receiver_name.strip(),
        "receiver_phone": str(phone(new.receiver_phone)),
        "province": address.province,
        "city": address.city,
        "district": address.district,
        "street": address.street,
        "address": address.detail,
        "division": address.code,
        "zip": address.zip,
    }
