"""Placing orders: from what was asked for to rows that wait for their second reading, or go on."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from django.db import IntegrityError

from gendan.customers.meeting import Acquaintance, keep, meet
from gendan.customers.models import Customer
from gendan.journal.writing import entry
from gendan.orders.asking import questions, waits
from gendan.orders.entering import enter, facts, place_of, refuse_wrong
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
from gendan.worklist.opening import NewItem, let_wait

PAID_ONCE = "payment_once"


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
        with entry("order.placed", by=by, why=why, count=len(news)):
            orders = _enter(news, shelf, by, now)
            let_wait(list(_items(orders, news, shelf, by)), now=now)
    except IntegrityError as error:
        if PAID_ONCE not in str(error):
            raise
        refuse_twice((new.paid.method, new.paid.reference) for new in news if new.paid)
        raise recorded_meanwhile() from error
    return Order.objects.at_hand(orders)


def _enter(news: Sequence[NewOrder], shelf: Shelf, by: Seller, now: datetime) -> list[Order]:
    orders = [
        _order(new, customer, shelf, by, now)
        for new, customer in zip(news, _customers(news, shelf, now), strict=True)
    ]
    enter(orders, news, shelf, now)
    for order in orders:
        refuse_too_much(order.number, order.total_fen, order.paid_fen)
    return orders


def _items(
    orders: Sequence[Order], news: Sequence[NewOrder], shelf: Shelf, by: Seller
) -> Iterator[NewItem]:
    yield from questions(zip(orders, news, strict=True), shelf, by)
    for order in orders:
        yield from waits(order)


def _order(new: NewOrder, customer: int | None, shelf: Shelf, by: Seller, now: datetime) -> Order:
    """Return the row of a new order, as far along as it may be."""
    order = Order(
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


def _customers(news: Sequence[NewOrder], shelf: Shelf, now: datetime) -> list[int | None]:
    """Find or make the customers, and remember where they have it sent."""
    met = meet([_acquaintance(new, shelf) for new in news])
    there = _still_there({new.customer_id for new in news if new.customer_id})
    customers = [
        new.customer_id if new.customer_id in there else found
        for new, found in zip(news, met, strict=True)
    ]
    addresses = (
        place_of(new) | {"customer_id": customer}
        for new, customer in zip(news, customers, strict=True)
        if customer and new.address.detail
    )
    keep(addresses, now=now)
    return customers


def _still_there(customers: set[int]) -> set[int]:
    if not customers:
        return set()
    return set(Customer.objects.filter(pk__any=customers).values_list("pk", flat=True))


def _acquaintance(new: NewOrder, shelf: Shelf) -> Acquaintance:
    platform = shelf.shops[new.shop_id].platform if new.buyer else ""
    return Acquaintance(new.receiver_name, new.receiver_phone, new.mail, platform, new.buyer)
