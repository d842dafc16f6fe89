"""Our own template, as CSV or workbook, for stores, distributors and whoever has no export."""

from gendan.channels.formats.format import Format, columns
from gendan.channels.formats.records import LineRecord, OrderRecord, Values
from gendan.channels.formats.states import table

STATES = table(
    UNPAID="未付款|待付款|unpaid",
    PAID="已付款|待发货|paid|货到付款|cod",
    FORBIDDEN="不可发货|暂停发货|forbidden|on hold",
    REFUNDING="退款中|refunding",
    SHIPPED="已发货|shipped",
    FINISHED="已完成|交易成功|finished|done",
    CLOSED="已取消|已关闭|cancelled|canceled|closed",
)

REFUNDS = table(
    NONE="无|none",
    ASKED="退款中|申请退款|asked",
    DONE="已退款|退款成功|done",
    REFUSED="拒绝退款|refused",
)

TEMPLATE = (
    ("订单号", "Order number", "S20261121-001", True),
    ("子订单号", "Line number", "1", False),
    ("状态", "Status", "已付款", False),
    ("下单时间", "Placed at", "2026-11-21 10:15:00", False),
    ("付款时间", "Paid at", "2026-11-21 10:16:00", False),
    ("付款方式", "Paid by", "微信", False),
    ("客户", "Customer", "王女士", False),
    ("收货人", "Receiver", "王芳", False),
    ("电话", "Phone", "13900000001", False),
    ("地址", "Address", "浙江省 杭州市 西湖区 文三路 1 号", False),
    ("商家编码", "SKU", "TEA-LJ-250", True),
    ("商品名称", "Product", "明前龙井", False),
    ("规格", "Specification", "250 克", False),
    ("数量", "Quantity", "2", True),
    ("单价", "Unit price", "128.00", True),
    ("是否赠品", "Gift", "", False),
    ("优惠", "Discount", "6.00", False),
    ("运费", "Postage", "0.00", False),
    ("应付金额", "To pay", "250.00", False),
    ("实付金额", "Paid", "250.00", False),
    ("买家留言", "Buyer's remark", "", False),
    ("卖家备注", "Seller's remark", "", False),
    ("特殊要求", "Special instructions", "", False),
    ("退款状态", "Refund", "", False),
    ("快递公司", "Carrier", "", False),
    ("快递单号", "Waybill", "", False),
    ("修改时间", "Modified at", "", False),
    ("最晚发货时间", "Ship by", "", False),
)
"""The columns in order: Chinese name, English name, an example, whether each row must fill it."""


def _settle(order: OrderRecord, line: LineRecord, values: Values) -> list[LineRecord]:
    """Without a status, an order is paid when a time or an amount says so."""
    if not order.raw_status and not order.state:
        paid = order.paid_at is not None or bool(order.paid_fen)
        order.state = "PAID" if paid else "UNPAID"
    order.receiver_name = order.receiver_name or order.buyer_nick
    if "货到付款" in order.raw_status:
        order.pay_method = order.pay_method or "货到付款"
    return [line]


EXPORT = Format(
    key="own.orders",
    platform="OWN",
    columns=columns(
        platform_order="订单号|Order number",
        sub_order="子订单号|Line number",
        status="状态|Status",
        placed_at="下单时间|Placed at",
        paid_at="付款时间|Paid at",
        pay_method="付款方式|Paid by",
        buyer_nick="客户|Customer",
        receiver_name="收货人|Receiver",
        receiver_phone="电话|Phone",
        receiver_address="地址|Address",
        sku_code="商家编码|SKU",
        title="商品名称|Product",
        spec="规格|Specification",
        quantity="数量|Quantity",
        unit_price="单价|Unit price",
        is_gift="是否赠品|Gift",
        discount_fen="优惠|Discount",
        postage_fen="运费|Postage",
        payable_fen="应付金额|To pay",
        paid_fen="实付金额|Paid",
        buyer_remark="买家留言|Buyer's remark",
        seller_remark="卖家备注|Seller's remark",
        instructions="特殊要求|Special instructions",
        refund_status="退款状态|Refund",
        carrier="快递公司|Carrier",
        waybill="快递单号|Waybill",
        modified_at="修改时间|Modified at",
        latest_at="最晚发货时间|Ship by",
    ),
    needs=frozenset({"platform_order", "sku_code", "quantity", "unit_price"}),
    must=frozenset({"platform_order", "sku_code", "quantity", "unit_price"}),
    states=STATES,
    refunds=REFUNDS,
    finish=_settle,
)

FORMATS = (EXPORT,)
