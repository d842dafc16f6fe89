"""Pinduoduo's order export: a row is an order of one kind of goods."""

from gendan.channels.formats.format import Format, columns
from gendan.channels.formats.records import LineRecord, OrderRecord, Values
from gendan.channels.formats.states import table

STATES = table(
    UNPAID="待支付|待付款|未付款",
    PAID="待发货|已成团|已成团，待发货|已支付|1",
    FORBIDDEN="拼团中|待成团|已付款，拼团中|审核中|风控审核中|待发货，审核中|已支付，待成团|备货中，不可发货",
    REFUNDING="售后处理中|退款中|待发货，退款中",
    SHIPPED="已发货|已发货，待签收|已发货，待收货|已发货待签收|待收货|2",
    FINISHED="已收货|已签收|已完成|交易成功|已评价|3",
    CLOSED="已取消|交易已取消|已关闭|交易关闭|拼团失败|团失败|已退款|退款成功|未发货，退款成功"
    "|已发货，退款成功|已收货，退款成功|已成团，退款成功",
)

REFUNDS = table(
    NONE="无售后或售后取消|无售后或售后关闭|无售后|售后取消|0|买家撤销|11",
    ASKED="售后处理中|退款中|2|3|4|5|6|7|8|14|15|18|21|22|27|31|32|33|买家申请退款，待商家处理"
    "|退货退款，待商家处理|商家同意退款，退款中|平台同意退款，退款中|平台处理中|驳回退款，待买家处理"
    "|已同意退货退款，待用户发货|换货补寄待商家处理|补寄待商家发货|待商家处理",
    DONE="退款成功|10",
    REFUSED="平台拒绝退款，退款关闭|退款关闭|买家逾期未处理，退款失败|买家逾期，超过有效期|9|12|13|16|17|24|25",
)

_DISCOUNTS = ("shop_discount_fen", "platform_discount_fen", "pay_discount_fen")


def _settle(order: OrderRecord, line: LineRecord, values: Values) -> list[LineRecord]:
    """The price of one piece is not in the file: it is the goods' total over the quantity."""
    goods = values.fen("goods_total_fen") or 0
    line.total_fen = order.goods_fen = goods
    line.unit_price_fen = round(goods / line.quantity)
    order.discount_fen = sum(values.fen(name) or 0 for name in _DISCOUNTS)
    order.payable_fen = order.paid_fen
    return [line]


EXPORT = Format(
    key="pinduoduo.orders",
    platform="PINDUODUO",
    columns=columns(
        platform_order="订单号",
        status="订单状态",
        title="商品|商品名称",
        goods_total_fen="商品总价(元)|商品总价",
        postage_fen="邮费(元)|邮费",
        shop_discount_fen="店铺优惠折扣(元)|店铺优惠折扣",
        platform_discount_fen="平台优惠折扣(元)|平台优惠折扣",
        pay_discount_fen="多多支付立减金额(元)|多多支付立减金额",
        paid_fen="用户实付金额(元)|用户实付金额",
        quantity="商品数量(件)|商品数量",
        spec="商品规格",
        product_code="样式ID|商品id",
        sku_code="商家编码-规格维度|商家编码-SKU维度|商家编码",
        sku_code_other="商家编码-商品维度",
        placed_at="订单成交时间|拼单成功时间|下单时间",
        paid_at="支付时间|订单成交时间",
        shipped_at="发货时间",
        latest_at="承诺发货时间|最晚发货时间",
        finished_at="确认收货时间",
        receiver_name="收货人|收件人",
        receiver_phone="手机|收货人手机|联系电话",
        province="省",
        city="市",
        district="区",
        street="街道",
        receiver_address="收货地址|详细地址",
        buyer_remark="买家留言|用户留言",
        seller_remark="商家备注|备注",
        flag="商家备注标记|备注标签",
        refund_status="售后状态",
        waybill="快递单号",
        carrier="快递公司",
    ),
    needs=frozenset({"platform_order", "status", "title", "goods_total_fen", "quantity"}),
    must=frozenset({"platform_order", "quantity"}),
    states=STATES,
    refunds=REFUNDS,
    one_row=True,
    finish=_settle,
)

FORMATS = (EXPORT,)
