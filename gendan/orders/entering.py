"""What the rows of an order say, from what was asked for; `place` and `rewrite` enter them."""

from collections.abc import Mapping, Sequence
from typing import Any

from gendan.customers.addresses import phone, place_key
from gendan.orders.models import Instruction, Line
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
