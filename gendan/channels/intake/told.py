"""What a row tells, made ready for the staging tables: addresses split, words cut to length."""

from dataclasses import fields
from functools import lru_cache

import orjson

from gendan.channels.formats.records import LineRecord, OrderRecord
from gendan.channels.reading.reading import Reading
from gendan.customers.addresses import Address, place_key, split, split_fields
from gendan.customers.addresses.phones import Kind, phone

METHODS = {
    "现金": "CASH",
    "CASH": "CASH",
    "微信": "WECHAT",
    "WECHAT": "WECHAT",
    "支付宝": "ALIPAY",
    "ALIPAY": "ALIPAY",
    "转账": "TRANSFER",
    "TRANSFER": "TRANSFER",
    "货到付款": "COD",
    "COD": "COD",
    "CASH ON DELIVERY": "COD",
}
FLAGS = {"红": 1, "黄": 2, "绿": 3, "蓝": 4, "紫": 5}
INSTRUCTIONS = (
    ("NO_PRICE", ("价格", "小票", "no price")),
    ("GIFT_WRAP", ("礼品", "礼盒", "gift")),
    ("CARD", ("贺卡", "卡片", "card")),
    ("URGENT", ("加急", "尽快", "urgent")),
    ("CALL_FIRST", ("电话", "call")),
    ("NO_LOGO", ("logo", "无标")),
)

Told = tuple[object, ...]


def belong_together(earlier: OrderRecord, later: OrderRecord) -> bool:
    """Tell whether two rows are of one order and tell the same amounts, where both tell any."""
    return earlier.platform_order == later.platform_order and all(
        one is None or other is None or one == other
        for one, other in (
            (earlier.payable_fen, later.payable_fen),
            (earlier.paid_fen, later.paid_fen),
            (earlier.postage_fen, later.postage_fen),
            (earlier.discount_fen, later.discount_fen),
        )
    )


def merged(earlier: OrderRecord, later: OrderRecord) -> OrderRecord:
    """Fill what the earlier row of an order left empty from the later one."""
    for each in _ORDER_FIELDS:
        if getattr(earlier, each) in ("", None):
            setattr(earlier, each, getattr(later, each))
    return earlier


_ORDER_FIELDS = tuple(each.name for each in fields(OrderRecord))


def told_order(order: OrderRecord, file: int, row: int) -> Told:
    """Return the row for `channels_stagedorder`, its columns in their order."""
    parts = order.province, order.city, order.district, order.street, order.receiver_address
    place, same_place = _place(*parts)
    number = phone(order.receiver_phone)
    known = number.kind in (Kind.MOBILE, Kind.LANDLINE)
    method = METHODS.get(order.pay_method.upper(), "PLATFORM")
    instruction = _instruction(order.instructions)
    return (
        file,
        row,
        order.platform_order,
        order.state,
        order.raw_status[:120],
        order.modified_at,
        order.placed_at,
        order.paid_at,
        order.shipped_at,
        order.finished_at,
        (order.buyer_nick or order.buyer_id)[:120],
        order.buyer_email[:254],
        order.receiver_name[:80],
        (str(number) if known else order.receiver_phone)[:40],
        str(number)[:40] if known else "",
        order.receiver_address[:500],
        place.province[:40],
        place.city[:60],
        place.district[:60],
        place.street[:60],
        place.detail[:300],
        place.code,
        (order.postcode or place.zip)[:10],
        "" if order.receiver_hidden else same_place,
        order.receiver_hidden,
        order.discount_fen,
        order.postage_fen,
        order.payable_fen,
        order.paid_fen,
        method,
        method == "COD",
        order.buyer_remark,
        order.seller_remark,
        _flag(order.flag),
        instruction,
        order.instructions[:300],
        order.close_reason[:200],
        order.latest_at,
    )


def told_line(line: LineRecord, file: int, row: int) -> Told:
    """Return the row for `channels_stagedline`; goods without a code are known by their name."""
    code = line.sku_code or line.product_code or "/".join(filter(None, (line.title, line.spec)))
    return (
        file,
        row,
        line.platform_order,
        line.line_key[:80],
        not line.sub_order,
        line.title[:300],
        line.spec[:300],
        code[:200],
        line.quantity,
        line.total_fen,
        line.payable_fen,
        line.line_postage_fen,
        line.state,
        line.refund_state,
        line.is_gift,
    )


def stores(reading: Reading) -> str:
    """Return the cells as JSON; the database takes no NUL."""
    text = orjson.dumps(reading.raw.cells).decode()
    if "\\u0000" not in text:
        return text
    return orjson.dumps([cell.replace("\0", "\ufffd") for cell in reading.raw.cells]).decode()


@lru_cache(maxsize=4096)
def _place(
    province: str, city: str, district: str, street: str, detail: str
) -> tuple[Address, str]:
    """Split an address and name its place; who comes back lives where they lived."""
    if province or city:
        place = split_fields(province, city, district, street, detail)
    else:
        place = split(detail) if detail else Address()
    return place, place_key(place)[:64]


def _flag(words: str) -> int:
    if words[:1] in FLAGS:
        return FLAGS[words[0]]
    return int(words) if words.isascii() and words.isdigit() and int(words) <= 5 else 0


def _instruction(words: str) -> str:
    if not words:
        return ""
    lower = words.lower()
    matching = (code for code, hints in INSTRUCTIONS if any(hint in lower for hint in hints))
    return next(matching, "OTHER")
