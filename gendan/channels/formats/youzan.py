"""Youzan's order export: a row is an order with the names of all its goods in one cell."""

import re

from gendan.channels.formats.format import Format, columns
from gendan.channels.formats.records import LineRecord, OrderRecord, Values
from gendan.channels.formats.states import table

STATES = table(
    UNPAID="待付款|等待买家付款|WAIT_BUYER_PAY|TRADE_NO_CREATE_PAY",
    PAID="待发货|等待商家发货|WAIT_SELLER_SEND_GOODS|已付款|待接单|WAIT_CONFIRM",
    PART="部分发货",
    FORBIDDEN="待成团|拼团中|WAIT_GROUP|等待成团|风控中|审核中",
    REFUNDING="退款中|维权中",
    SHIPPED="已发货|等待买家确认|WAIT_BUYER_CONFIRM_GOODS|TRADE_BUYER_SIGNED|已签收|待自提|待收货",
    FINISHED="交易完成|交易成功|已完成|TRADE_SUCCESS|TRADE_FINISHED",
    CLOSED="交易关闭|已关闭|TRADE_CLOSED|TRADE_CLOSED_BY_USER|已取消|退款成功",
)

_COUNTED = re.compile(r"(.+?)\s*(?:[xX×*]\s*([0-9]{1,5})|[(（]([0-9]{1,5})[件个份][)）])")


def _titles(order: OrderRecord, line: LineRecord, values: Values) -> list[LineRecord]:
    """One title with its count behind it is certain; otherwise one piece of what the cell says."""
    order.payable_fen = order.paid_fen
    counted = _COUNTED.fullmatch(line.title)
    if counted and values.found.get("quantity") is None:
        line.title, line.quantity = counted[1], int(counted[2] or counted[3]) or 1
    if values.found.get("unit_price") is None:
        line.total_fen = max(0, (order.paid_fen or 0) - (order.postage_fen or 0))
        line.unit_price_fen = round(line.total_fen / line.quantity)
    return [line]


EXPORT = Format(
    key="youzan.orders",
    platform="YOUZAN",
    columns=columns(
        platform_order="订单号",
        sub_order="子订单号|商品订单号",
        status="订单状态",
        placed_at="订单创建时间|下单时间",
        paid_at="买家付款时间|付款时间",
        shipped_at="商品发货时间|发货时间",
        latest_at="最晚发货时间|承诺发货时间",
        finished_at="交易成功时间|订单完成时间",
        title="全部商品名称|商品名称",
        spec="商品规格|规格",
        quantity="商品数量|购买数量",
        unit_price="商品单价",
        sku_code="规格编码|商品编码|商家编码",
        paid_fen="订单实付金额|实付金额",
        postage_fen="运费|邮费",
        receiver_name="收货人/提货人|收货人",
        receiver_phone="收货人手机号/提货人手机号|收货人手机号",
        province="收货人省份",
        city="收货人城市",
        district="收货人地区",
        receiver_address="详细收货地址/提货地址|详细收货地址",
        buyer_nick="买家昵称",
        buyer_phone="买家手机号",
        buyer_remark="买家备注|买家留言",
        seller_remark="商家订单备注|商家备注|卖家备注",
        waybill="快递单号|商品发货物流单号",
        carrier="快递公司|商品发货物流公司",
    ),
    needs=frozenset({"platform_order", "title", "paid_fen", "receiver_name"}),
    must=frozenset({"platform_order"}),
    states=STATES,
    paid_when_silent=True,
    one_row=True,
    finish=_titles,
)

FORMATS = (EXPORT,)
