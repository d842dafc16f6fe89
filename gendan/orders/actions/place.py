"""Placing orders: from what was asked for to rows that wait for their second reading."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from gendan.customers.actions import Acquaintance, find_or_make, keep_addresses
from gendan.customers.models import Address, Customer
from gendan.journal.writing import entry
from gendan.orders.entering import add_contents, facts, place_of, refuse_wrong
from gendan.orders.models import Order, OrderQuerySet
from gendan.orders.newcomers import (
    NewOrder,
    Seller,
    Shelf,
    beyond_authority,
)
from gendan.people.models import Person
from gendan.worklist.actions import NewItem, open_items
from gendan.worklist.models import Kind


def place(news: Iterable[NewOrder], *, by: Seller, now: datetime, why: str = "") -> OrderQuerySet:
    """Enter new orders; they are drafts until `read_again` says that the essentials are right.

    :raises CannotPlace: if anything is wrong with any of them; `wrongs` names the fields
    """
    news = list(news)
    shelf = Shelf.of(news, by)
    refuse_wrong(news, shelf, by)
    with entry("order.placed", by=by, why=why, count=len(news)):
        customers = _customers(news, shelf, by, now)
        orders = Order.objects.bulk_create(
            Order(
                **facts(new, shelf),
                customer_id=customer,
                placed_at=now,
                promise_at=shelf.promised(new, now),
                taken_by=by if isinstance(by, Person) else None,
            )
            for new, customer in zip(news, customers, strict=True)
        )
        ids = [order.pk for order in orders]
        add_contents(dict(zip(ids, news, strict=True)), shelf)
        ask_approval(dict(zip(ids, news, strict=True)), shelf, by=by, now=now)
    return Order.objects.numbered(ids)


def ask_approval(news: Mapping[int, NewOrder], shelf: Shelf, *, by: Seller, now: datetime) -> None:
    """Let a supervisor decide on the prices that are beyond the clerk's authority."""
    beyond = {
        order: [wrong.sentence for wrong in found]
        for order, new in news.items()
        if (found := list(beyond_authority(shelf.sums(new), by)))
    }
    if not beyond:
        return
    numbers = dict(Order.objects.numbered(beyond).values_list("pk", "number"))
    items = [
        NewItem(
            Kind.APPROVAL,
            "order",
            order,
            facts={
                "number": numbers[order],
                "asked_by": by.actor_name,
                "why": " ".join(sentences),
            },
            shop_id=news[order].shop_id,
        )
        for order, sentences in beyond.items()
    ]
    open_items(items, by=by, now=now)


def _customers(
    news: Sequence[NewOrder], shelf: Shelf, by: Seller, now: datetime
) -> list[int | None]:
    """Find or make the customers, and remember where they have it sent."""
    met = find_or_make([_acquaintance(new, shelf) for new in news], by=by)
    named = Customer.objects.filter(pk__any={new.customer_id for new in news if new.customer_id})
    there = set(named.values_list("pk", flat=True))
    customers = [
        new.customer_id if new.customer_id in there else found
        for new, found in zip(news, met, strict=True)
    ]
    keep_addresses(
        (
            _address(new, customer)
            for new, customer in zip(news, customers, strict=True)
            if customer and new.address.detail
        ),
        by=by,
        now=now,
    )
    return customers


def _acquaintance(new: NewOrder, shelf: Shelf) -> Acquaintance:
    platform = shelf.shops[new.shop_id].platform if new.buyer else ""
    return Acquaintance(new.receiver_name, new.receiver_phone, new.mail, platform, new.buyer)


def _address(new: NewOrder, customer: int) -> Address:
    return Address(customer_id=customer, **place_of(new))
