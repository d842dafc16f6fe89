"""What is told of an order: its own values for scripts, and messages to its customer."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, NamedTuple

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from gendan.desk.actions import NewMessage
from gendan.desk.models import Channel
from gendan.desk.subjects import locks
from gendan.orders.models import Line, Order
from gendan.people.queries import merchant
from gendan.ui.wording import short_moment, yuan


class Value(NamedTuple):
    """A value that scripts may name: its English and Chinese names, and how it is said."""

    name: str
    chinese: str
    say: Callable[[Order, list[Line]], str]


VALUES = (
    Value("merchant", "商家", lambda order, lines: merchant().name),
    Value("shop", "店铺", lambda order, lines: order.shop.name),
    Value("number", "订单号", lambda order, lines: order.platform_order or order.number),
    Value("buyer", "买家", lambda order, lines: order.buyer or order.receiver_name),
    Value("receiver", "收件人", lambda order, lines: order.receiver_name),
    Value("phone", "电话", lambda order, lines: order.receiver_phone),
    Value("spoken_phone", "电话分段", lambda order, lines: _spoken(order.receiver_phone)),
    Value("address", "地址", lambda order, lines: order.full_address),
    Value("goods", "商品", lambda order, lines: "；".join(map(_named, lines))),
    Value("pieces", "件数", lambda order, lines: str(sum(line.quantity for line in lines))),
    Value("total", "应付", lambda order, lines: yuan(order.total_fen)),
    Value("unpaid", "待付", lambda order, lines: yuan(order.total_fen - order.paid_fen)),
    Value("postage", "运费", lambda order, lines: yuan(order.postage_fen)),
    Value("wish", "期望送达", lambda order, lines: str(order.wish_on or "")),
    Value(
        "promise",
        "承诺时间",
        lambda order, lines: short_moment(order.promise_at) if order.promise_at else "",
    ),
    Value("remark", "买家留言", lambda order, lines: order.buyer_remark),
    Value(
        "requests", "特殊要求", lambda order, lines: "；".join(map(str, order.instructions.all()))
    ),
    Value("payment", "付款方式", lambda order, lines: _paid_how(order)),
    Value("carrier", "指定快递", lambda order, lines: order.carrier_wish),
    Value("mail", "邮箱", lambda order, lines: order.customer.mail if order.customer else ""),
)
NAMES = tuple(name for each in VALUES for name in (each.name, each.chinese))


def values_of(orders: Iterable[Order]) -> dict[int, Mapping[str, str]]:
    """Return what scripts may name of each order (by its id), under both names."""
    rows = {order.pk: order for order in orders}
    prefetch_related_objects([*rows.values()], "shop", "customer", "instructions")
    lines: dict[int, list[Line]] = {pk: [] for pk in rows}
    chosen = Line.objects.filter(order_id__any=list(rows), is_cancelled=False, part_of=None)
    for line in chosen.order_by("order_id", "position"):
        lines[line.order_id].append(line)
    return {pk: _values(order, lines[pk]) for pk, order in rows.items()}


def message_about(order: Order, topic: str, channel: str, text: str, **more: Any) -> NewMessage:
    """Return a message to an order's customer; `more` is what else there is to say of it."""
    return NewMessage(
        **{
            "topic": topic,
            "channel": channel,
            "subject": "order",
            "subject_id": order.pk,
            "number": order.number,
            "shop_id": order.shop_id,
            "customer_id": order.customer_id,
            "text": text,
            "to": reached_at(order, channel),
            **more,
        }
    )


def reached_at(order: Order, channel: str) -> str:
    """Return where the order's customer is reached by the channel; nothing if nowhere."""
    if channel == Channel.MAIL:
        return order.customer.mail if order.customer else ""
    return order.buyer or order.receiver_name if channel == Channel.CHAT else order.receiver_phone


def open_way(order: Order, channel: str) -> str:
    """Return the channel, or the chat where mail has no address to go to."""
    if channel == Channel.MAIL and "@" not in reached_at(order, channel):
        return Channel.CHAT
    return channel


def _values(order: Order, lines: list[Line]) -> dict[str, str]:
    said = [(each, each.say(order, lines)) for each in VALUES]
    return {name: text for each, text in said for name in (each.name, each.chinese)}


def _named(line: Line) -> str:
    return f"{line.title} {line.specification}".strip() + f" × {line.quantity}"


def _paid_how(order: Order) -> str:
    if order.is_cod:
        return _("Cash on delivery")
    return _("Paid") if order.paid_fen >= order.total_fen else _("Not paid yet")


def _spoken(phone: str) -> str:
    """Write a mobile number in the groups in which it is said."""
    if len(phone) == 11 and phone.isdecimal():
        return f"{phone[:3]} {phone[3:7]} {phone[7:]}"
    return phone


@locks("order")
def lock_orders(ids: Collection[int]) -> None:
    """Lock orders (by id), in key order."""
    chosen = Order.objects.numbered(ids).order_by("pk")
    list(chosen.select_for_update(no_key=True).values_list("pk", flat=True))
