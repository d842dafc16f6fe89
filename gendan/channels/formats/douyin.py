"""Douyin's order export: a row is a sub-order, a gift is one too, receivers may be ciphertext."""

from gendan.channels.formats.format import Format, columns
from gendan.channels.formats.records import LineRecord, OrderRecord, Values
from gendan.channels.formats.states import table

STATES = table(
    UNPAID="待支付|待付款|待确认|待支付/待确认|部分支付|1|103",
    PAID="待发货|备货中|已支付|备货中/待发货|2|105",
    PART="部分发货|101",
    FORBIDDEN="拼团中|风控审核中|审核中|异常取消|暂停发货|待发货（审核中）|待成团",
    REFUNDING="退款中|售后中",
    SHIPPED="已发货|待收货|3",
    FINISHED="已完成|已收货|交易成功|5",
    CLOSED="已关闭|已取消|交易关闭|4|21|22|39|退款完结",
)

REFUNDS = table(
    NONE="无售后|未申请售后|售后关闭|0|28|售后失败|用户取消",
    ASKED="售后申请|售后申请中|售后中|售后处理中|待商家处理|售后待处理|待退货|待收退货|退款中"
    "|售后退货中|售后已发货|6|7|8|11|13|14|同意退款，退款中|待退款",
    DONE="退款成功|售后成功|已退款|已全额退款|部分退款成功|12|51|53|退货退款成功",
    REFUSED="拒绝售后申请|售后退货拒绝|27|29|退款失败",
)

_DISCOUNTS = ("platform_fen", "seller_fen", "talent_fen")


def _settle(order: OrderRecord, line: LineRecord, values: Values) -> list[LineRecord]:
    """Amounts are those of the sub-order; without a price of the piece it is what was discounted.

    A sub-order of 0.00 whose goods are called a gift is one.
    """
    line.payable_fen = values.fen("due_fen")
    line.line_postage_fen = order.postage_fen
    order.postage_fen = order.payable_fen = None
    line.carrier, line.waybill = order.carrier, order.waybill
    if values.found.get("unit_price") is None:
        due = (line.payable_fen or 0) - (line.line_postage_fen or 0)
        line.total_fen = max(0, due) + sum(values.fen(name) or 0 for name in _DISCOUNTS)
        line.unit_price_fen = round(line.total_fen / line.quantity)
    line.is_gift = not line.payable_fen and ("赠" in line.title or line.is_gift)
    return [line]


EXPORT = Format(
    key="douyin.orders",
    platform="DOUYIN",
    columns=columns(
        platform_order="主订单编号|订单编号",
        sub_order="子订单编号|商品单号",
        title="选购商品|商品名称",
        spec="商品规格|规格",
        quantity="商品数量",
        product_code="商品ID",
        sku_code="商家编码",
        unit_price="商品单价",
        due_fen="订单应付金额",
        postage_fen="运费",
        platform_fen="平台实际承担优惠金额|平台优惠",
        seller_fen="商家实际承担优惠金额|商家优惠",
        talent_fen="达人实际承担优惠金额|达人优惠",
        pay_method="支付方式",
        receiver_name="收件人",
        receiver_phone="收件人手机号",
        province="省",
        city="市",
        district="区",
        street="街道",
        receiver_address="详细地址",
        buyer_remark="买家留言",
        seller_remark="商家备注",
        flag="旗帜颜色",
        placed_at="订单提交时间",
        paid_at="支付完成时间",
        finished_at="订单完成时间",
        shipped_at="发货时间",
        latest_at="承诺发货时间|最晚发货时间",
        modified_at="订单更新时间|更新时间",
        status="订单状态",
        refund_status="售后状态",
        close_reason="取消原因",
        waybill="快递单号|物流单号",
        carrier="快递公司|物流公司",
    ),
    needs=frozenset({"platform_order", "sub_order", "title", "quantity", "due_fen"}),
    must=frozenset({"platform_order", "sub_order", "quantity"}),
    states=STATES,
    refunds=REFUNDS,
    finish=_settle,
)

FORMATS = (EXPORT,)
