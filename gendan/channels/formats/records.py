"""What one row of an order file says, in our words."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal


@dataclass(slots=True)
class OrderRecord:
    """What a row says of its order; an empty field says nothing, amounts are in fen."""

    platform_order: str = ""
    state: str = ""
    raw_status: str = ""
    modified_at: datetime | None = None
    placed_at: datetime | None = None
    paid_at: datetime | None = None
    shipped_at: datetime | None = None
    finished_at: datetime | None = None
    buyer_nick: str = ""
    buyer_id: str = ""
    buyer_email: str = ""
    receiver_name: str = ""
    receiver_phone: str = ""
    receiver_address: str = ""
    province: str = ""
    city: str = ""
    district: str = ""
    street: str = ""
    postcode: str = ""
    receiver_hidden: bool = False
    goods_fen: int | None = None
    discount_fen: int | None = None
    postage_fen: int | None = None
    payable_fen: int | None = None
    paid_fen: int | None = None
    refunded_fen: int | None = None
    pay_method: str = ""
    currency: str = ""
    buyer_remark: str = ""
    seller_remark: str = ""
    flag: str = ""
    instructions: str = ""
    carrier: str = ""
    waybill: str = ""
    close_reason: str = ""
    latest_at: datetime | None = None  # until when the platform wants it shipped


@dataclass(slots=True)
class LineRecord:
    """What a row says of one kind of goods in its order; amounts are in fen."""

    platform_order: str = ""
    sub_order: str = ""
    line_key: str = ""
    title: str = ""
    spec: str = ""
    sku_code: str = ""
    product_code: str = ""
    quantity: int = 1
    unit_price_fen: int = 0
    total_fen: int = 0
    payable_fen: int | None = None
    line_postage_fen: int | None = None
    state: str = ""
    raw_status: str = ""
    refund_state: str = "NONE"
    raw_refund: str = ""
    is_gift: bool = False
    carrier: str = ""
    waybill: str = ""


@dataclass(slots=True)
class Values:
    """The typed cells of one row by field name, and what the format makes of them."""

    found: dict[str, object] = field(default_factory=dict)

    def words(self, name: str) -> str:
        """Return a text, empty when the file does not say."""
        value = self.found.get(name)
        return value if isinstance(value, str) else ""

    def fen(self, name: str) -> int | None:
        """Return an amount in fen, None when the file does not say."""
        value = self.found.get(name)
        return round(value) if isinstance(value, int | Decimal) else None

    def instant(self, name: str) -> datetime | None:
        """Return an instant, None when the file does not say."""
        value = self.found.get(name)
        return value if isinstance(value, datetime) else None
