"""Shopify's order export: the order's fields stand on its first row only."""

from types import MappingProxyType

from gendan.channels.formats.format import Format, columns
from gendan.channels.formats.records import LineRecord, OrderRecord, Values
from gendan.channels.formats.states import table

STATES = table(
    UNPAID="pending|unpaid|partially_paid|expired",
    PAID="paid|partially_refunded",
    FORBIDDEN="authorized",
    CLOSED="refunded|voided",
)

_SHIPPED = {"fulfilled", "shipped"}


def _settle(order: OrderRecord, line: LineRecord, values: Values) -> list[LineRecord]:
    """Paid, shipped and cancelled stand in three columns; the goods' total is before discount."""
    if order.state and values.instant("cancelled_at"):
        order.state = "CLOSED"
    elif order.state in {"PAID", "UNPAID"} and values.words("fulfilment").lower() in _SHIPPED:
        order.state = "SHIPPED"
    order.raw_status = "/".join(filter(None, (order.raw_status, values.words("fulfilment"))))
    line.state = "SHIPPED" if values.words("line_fulfilment").lower() in _SHIPPED else ""
    discount = order.discount_fen
    subtotal = values.fen("subtotal_fen")
    order.goods_fen = None if subtotal is None else subtotal + (discount or 0)
    _address(order, values)
    return [line]


def _address(order: OrderRecord, values: Values) -> None:
    order.receiver_name = order.receiver_name or values.words("billing_name")
    parts = (order.receiver_address, values.words("address_more"))
    order.receiver_address = " ".join(filter(None, parts))
    order.buyer_id = order.buyer_id or order.buyer_email


EXPORT = Format(
    key="shopify.orders",
    platform="SHOPIFY",
    columns=columns(
        platform_order="Name",
        buyer_email="Email",
        status="Financial Status",
        fulfilment="Fulfillment Status",
        line_fulfilment="Lineitem fulfillment status",
        cancelled_at="Cancelled at",
        placed_at="Created at",
        paid_at="Paid at",
        shipped_at="Fulfilled at",
        currency="Currency",
        subtotal_fen="Subtotal",
        postage_fen="Shipping",
        payable_fen="Total",
        discount_fen="Discount Amount",
        refunded_fen="Refunded Amount",
        quantity="Lineitem quantity",
        title="Lineitem name",
        unit_price="Lineitem price",
        sku_code="Lineitem sku",
        receiver_name="Shipping Name",
        billing_name="Billing Name",
        receiver_phone="Shipping Phone|Phone|Billing Phone",
        province="Shipping Province Name|Shipping Province",
        city="Shipping City",
        receiver_address="Shipping Address1|Shipping Street",
        address_more="Shipping Address2",
        postcode="Shipping Zip",
        buyer_remark="Notes",
        pay_method="Payment Method",
        flag="Tags",
    ),
    needs=frozenset({"platform_order", "status", "title", "quantity", "unit_price"}),
    must=frozenset({"platform_order", "quantity", "title"}),
    states=STATES,
    kinds=MappingProxyType({"platform_order": "order_name"}),
    finish=_settle,
)

FORMATS = (EXPORT,)
