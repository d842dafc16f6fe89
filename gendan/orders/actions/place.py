"""Placing orders: from what was asked for to rows that wait for their second reading."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from gendan.customers.actions import Acquaintance, find_or_make, keep_addresses
from gendan.customers.addresses import phone, place_key
from gendan.customers.models import Address, Customer
from gendan.journal.writing import entry
from gendan.orders.models import Instruction, Line, Order, OrderQuerySet
from gendan.orders.money import Priced
from gendan.orders.newcomers import (
    URGENT,
    NewOrder,
    Seller,
    Shelf,
    Wrong,
    beyond_authority,
    promise,
    summary,
    wrongs,
)
from gendan.people.models import Person
from gendan.ui.errors import Refused
from gendan.worklist.actions import NewItem, open_items
from gendan.worklist.models import Kind


class CannotPlace(Refused):
    """Something in the orders is missing or beyond the clerk's authority; none was placed."""

    def __init__(self, found: Sequence[Wrong], orders: int) -> None:
        super().__init__(summary(found, orders))
        self.wrongs = found


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
                promise_at=promise(shelf.shops[new.shop_id], new.wish_on, now),
                taken_by=by if isinstance(by, Person) else None,
            )
            for new, customer in zip(news, customers, strict=True)
        )
        ids = [order.pk for order in orders]
        add_contents(dict(zip(ids, news, strict=True)), shelf)
        ask_approval(dict(zip(ids, news, strict=True)), shelf, by=by, now=now)
    return Order.objects.numbered(ids)


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
        **_place(new),
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
    """Give the orders their lines and instructions."""
    Line.objects.bulk_create(
        _line(order, position, line)
        for order, new in news.items()
        for position, line in enumerate(shelf.sums(new).lines, start=1)
    )
    Instruction.objects.bulk_create(
        Instruction(
            order_id=order,
            code=wanted.code,
            text=wanted.text.strip(),
            on=wanted.on or (new.wish_on if wanted.code == "DELIVER_ON" else None),
        )
        for order, new in news.items()
        for wanted in dict.fromkeys(new.instructions)
    )


def _line(order: int, position: int, line: Priced) -> Line:
    return Line(
        order_id=order,
        position=position,
        sku=line.sku,
        title=line.sku.title,
        specification=line.sku.specification,
        quantity=line.line.quantity,
        price_fen=line.price_fen,
        discount_fen=line.line.discount_fen,
        total_fen=line.total_fen,
        is_gift=line.line.is_gift,
    )


def ask_approval(news: Mapping[int, NewOrder], shelf: Shelf, *, by: Seller, now: datetime) -> None:
    """Let a supervisor decide on the prices that are beyond the clerk's authority."""
    items = []
    for order, new in news.items():
        beyond = list(beyond_authority(shelf.sums(new), by))
        if beyond:
            reason = {"wrongs": [wrong.sentence for wrong in beyond], "asked_by": by.actor_name}
            items.append(NewItem(Kind.APPROVAL, "order", order, facts=reason, shop_id=new.shop_id))
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
    return Address(customer_id=customer, **_place(new))


def _place(new: NewOrder) -> dict[str, str]:
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
