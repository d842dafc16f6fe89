"""JD's order export: a row for each kind of goods, the order's totals repeated on each."""

from gendan.channels.formats.format import Format, columns
from gendan.channels.formats.records import LineRecord, OrderRecord, Values
from gendan.channels.formats.states import table

STATES = table(
    UNPAID="等待付款|待付款|等待付款确认|未付款|NOT_PAY",
    PAID="等待出库|等待发货|待出库|WAIT_SELLER_STOCK_OUT|WAIT_SELLER_DELIVERY|等待打印|已付款",
    FORBIDDEN="暂停|PAUSE|POP_ORDER_PAUSE|锁定|LOCKED|已锁定|订单锁定|风控|审核中",
    REFUNDING="等待退款|退款中|取消申请中",
    SHIPPED="等待确认收货|WAIT_GOODS_RECEIVE_CONFIRM|已出库|配送中|正在出库"
    "|SEND_TO_DISTRIBUTION_CENER|DISTRIBUTION_CENTER_RECEIVED|RECEIPTS_CONFIRM|WAIT_SEND_CODE",
    FINISHED="完成|已完成|FINISHED_L|确认收货",
    CLOSED="取消|已取消|TRADE_CANCELED|(删除)取消|(删除)等待出库|(删除)等待付款|(删除)锁定|(删除)暂停"
    "|(删除)完成|删除",
)


def _settle(order: OrderRecord, line: LineRecord, values: Values) -> list[LineRecord]:
    """The order's own price is before discount; cash on delivery is a way of paying here."""
    due = values.fen("due_fen")
    order.payable_fen = due if due is not None else values.fen("order_fen")
    total = values.fen("order_fen")
    if due is None and values.fen("settled_fen") is not None and total is not None:
        order.payable_fen = min(total, values.fen("settled_fen") or 0) or total
    return [line]


EXPORT = Format(
    key="jd.orders",
    platform="JD",
    columns=columns(
        platform_order="订单号|订单编号",
        product_code="商品ID|商品编号|SKUID",
        title="商品名称",
        quantity="订购数量|商品数量",
        unit_price="京东价",
        sku_code="货号|商家SKUID|商家编码|商家SKU",
        status="订单状态",
        pay_method="支付方式",
        placed_at="下单时间",
        paid_at="付款确认时间|付款时间",
        latest_at="最晚发货时间|承诺发货时间",
        finished_at="订单完成时间",
        modified_at="订单修改时间|修改时间",
        order_fen="订单金额",
        due_fen="应付金额",
        settled_fen="结算金额|商家应收",
        postage_fen="运费金额|运费",
        buyer_nick="下单帐号|下单账号",
        receiver_name="客户姓名|收货人姓名|收件人",
        receiver_address="客户地址|收货地址",
        receiver_phone="联系电话|联系手机|手机",
        buyer_remark="订单备注|买家备注",
        seller_remark="商家备注",
        flag="商家备注等级（等级1-5为由高到低）|商家备注等级",
        waybill="运单号|快递单号",
        carrier="承运商|快递公司|物流公司",
    ),
    needs=frozenset({"platform_order", "title", "quantity", "unit_price", "order_fen"}),
    must=frozenset({"platform_order", "quantity"}),
    states=STATES,
    finish=_settle,
)

FORMATS = (EXPORT,)
