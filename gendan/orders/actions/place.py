"""Placing orders: from what was asked for to rows that wait for their second reading, or go on."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection

from gendan.customers.meeting import MET_ONCE, Acquaintance, Meeting, meeting
from gendan.customers.models import Customer
from gendan.customers.queries import Key, owners
from gendan.journal.writing import opening
from gendan.orders.asking import questions, waits
from gendan.orders.entering import enter, facts, refuse_wrong
from gendan.orders.models import Order, OrderQuerySet
from gendan.orders.newcomers import NewOrder, Seller, Shelf, promise
from gendan.orders.slips import (
    Slip,
    recorded_meanwhile,
    refuse_too_much,
    refuse_twice,
    refuse_unreadable,
)
from gendan.orders.stages import WRITTEN_BY_THE_CUSTOMER, Stage
from gendan.people.models import Person
from gendan.worklist.opening import NewItem

PAID_ONCE = "payment_once"
UNTOLD: dict[str, Any] = {"number": "", "stage_since": None, "made_at": None}
"""What PostgreSQL fills in. To leave it to Django would take as long as all the rest of a row."""


def place(
    news: Iterable[NewOrder],
    *,
    by: Seller,
    now: datetime,
    why: str = "",
    shelf: Shelf | None = None,
) -> OrderQuerySet:
    """Enter new orders: drafts until `read_again` says that they are right, unless they are final.

    `shelf` holds the shops and goods that the orders name, if they were read already.

    :raises CannotPlace: if anything is wrong with any of them; `wrongs` names the fields
    :raises CannotPay: if the money that comes with one does not fit it, or is recorded already
    """
    news = list(news)
    shelf = shelf or Shelf.of(news, by)
    refuse_wrong(news, shelf, by)
    try:
        orders = _enter(news, shelf, by, now, why)
    except IntegrityError as error:
        if PAID_ONCE not in str(error):
            raise
        refuse_twice((new.paid.method, new.paid.reference) for new in news if new.paid)
        raise recorded_meanwhile() from error
    return Order.objects.at_hand(orders)


def _enter(
    news: Sequence[NewOrder], shelf: Shelf, by: Seller, now: datetime, why: str
) -> list[Order]:
    """Write the orders. A customer whom somebody else met in the same moment is met once more."""
    said = opening("order.placed", by=by, why=why, count=len(news))
    known = shelf.known
    while True:
        met = _met(news, shelf, known)
        orders = [
            _order(number, new, customer, shelf, by, now)
            for number, (new, customer) in enumerate(zip(news, met.customers, strict=True), 1)
        ]
        items = list(_items(orders, news, shelf, by))
        try:
            enter(orders, news, shelf, met=met, items=items, said=said, now=now)
        except IntegrityError as error:
            if MET_ONCE not in str(error):
                raise
            known = None
        else:
            return orders


def _items(
    orders: Sequence[Order], news: Sequence[NewOrder], shelf: Shelf, by: Seller
) -> Iterator[NewItem]:
    yield from questions(zip(orders, news, strict=True), shelf, by)
    for order in orders:
        yield from waits(order)


def _order(
    place: int, new: NewOrder, customer: int | None, shelf: Shelf, by: Seller, now: datetime
) -> Order:
    """Return the row of a new order, as far along as it may be, known by its place in the list."""
    order = Order(
        pk=place,
        **UNTOLD,
        **facts(new, shelf),
        customer_id=customer,
        placed_at=now,
        promise_at=shelf.promised(new, now),
        taken_by=by if isinstance(by, Person) else None,
    )
    if new.is_final:
        order.read_at = now
        if new.paid:
            _pay(order, new.paid, shelf, now)
        order.stage = _first_stage(order)
    return order


def _pay(order: Order, slip: Slip, shelf: Shelf, now: datetime) -> None:
    """Let the order know of its money; paid in full it is promised from then on, as in `pay`."""
    refuse_unreadable(slip.method, slip.amount_fen)
    if slip.amount_fen > order.total_fen:
        refuse_too_much(_next_number(), order.total_fen, slip.amount_fen)
    order.paid_fen = slip.amount_fen
    if order.paid_fen >= order.total_fen:
        order.paid_at = slip.at or now
        if not order.is_cod and not order.wish_on:
            order.promise_at = promise(shelf.shops[order.shop_id], None, order.paid_at)


def _first_stage(order: Order) -> Stage:
    """Return where the order goes when nobody has to read it a second time."""
    if not order.is_cod and order.paid_fen < order.total_fen:
        return Stage.UNPAID
    return Stage.SCREENING if order.source in WRITTEN_BY_THE_CUSTOMER else Stage.UNCONFIRMED


def _next_number() -> str:
    """Return the number that an order would have had."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT orders_number()")
        (number,) = cursor.fetchone()
    return str(number)


def _met(news: Sequence[NewOrder], shelf: Shelf, known: Mapping[Key, int] | None) -> Meeting:
    """Say who the customers are: whom the clerk chose, or who has the names that were told."""
    people = [_acquaintance(new, shelf) for new in news]
    if known is None:
        known = owners(person.keys for person in people)
    met = meeting(people, known)
    there = _still_there({new.customer_id for new in news if new.customer_id})
    chosen = [
        new.customer_id if new.customer_id in there else found
        for new, found in zip(news, met.customers, strict=True)
    ]
    return replace(met, customers=chosen)


def _still_there(customers: set[int]) -> set[int]:
    if not customers:
        return set()
    return set(Customer.objects.filter(pk__any=customers).values_list("pk", flat=True))


def _acquaintance(new: NewOrder, shelf: Shelf) -> Acquaintance:
    platform = shelf.shops[new.shop_id].platform if new.buyer else ""
    return Acquaintance(new.receiver_name, new.receiver_phone, new.mail, platform, new.buyer)
