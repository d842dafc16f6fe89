"""Taobao and Tmall: order list and detail list, the sub-order list, and Qianniu's workbook."""

from gendan.channels.formats.format import LINES, ORDERS, Format, columns
from gendan.channels.formats.records import LineRecord, OrderRecord, Values
from gendan.channels.formats.states import table

STATES = table(
    UNPAID="等待买家付款|WAIT_BUYER_PAY|TRADE_NO_CREATE_PAY|没有创建支付宝交易|国际信用卡支付付款确认中"
    "|PAY_PENDING|定金已付，尾款未付|等待付款|待付款|定金未付尾款未付|定金已付尾款未付",
    PAID="买家已付款，等待卖家发货|WAIT_SELLER_SEND_GOODS|等待卖家发货|待发货|买家已付款",
    PART="卖家部分发货|部分发货|SELLER_CONSIGNED_PART",
    FORBIDDEN="PAID_FORBID_CONSIGN|拼团中|拼团中订单，已付款但禁止发货|已付款但禁止发货|发货强管控"
    "|WAIT_PRE_AUTH_CONFIRM|0元购合约中|风控中|审核中",
    REFUNDING="退款中|退款中的订单|买家申请退款",
    SHIPPED="卖家已发货，等待买家确认|WAIT_BUYER_CONFIRM_GOODS|卖家已发货|已发货|等待买家确认收货"
    "|TRADE_BUYER_SIGNED|买家已签收",
    FINISHED="交易成功|TRADE_FINISHED|已完成",
    CLOSED="交易关闭|TRADE_CLOSED|TRADE_CLOSED_BY_TAOBAO|付款以前，卖家或买家主动关闭交易"
    "|付款以后用户退款成功，交易自动关闭|已关闭",
)

REFUNDS = table(
    NONE="没有申请退款|NO_REFUND|无退款申请|无|未申请退款",
    ASKED="买家已经申请退款，等待卖家同意|WAIT_SELLER_AGREE|WAIT_BUYER_RETURN_GOODS|退款中"
    "|WAIT_SELLER_CONFIRM_GOODS|卖家已经同意退款，等待买家退货|买家已经退货，等待卖家确认收货|售后中",
    DONE="退款成功|SUCCESS|退款完成",
    REFUSED="SELLER_REFUSE_BUYER|卖家拒绝退款|退款关闭|CLOSED",
)

_ORDER = {
    "platform_order": "订单编号|主订单编号|订单号",
    "status": "订单状态|交易状态",
    "placed_at": "订单创建时间|创建时间|拍下时间",
    "paid_at": "订单付款时间|付款时间",
    "shipped_at": "发货时间",
    "latest_at": "应发货时间|承诺发货时间|最晚发货时间",
    "finished_at": "确认收货时间|交易成功时间",
    "modified_at": "订单修改时间|修改时间",
    "buyer_nick": "买家会员名|买家昵称|会员名",
    "buyer_email": "买家支付宝账号|支付宝账号",
    "receiver_name": "收货人姓名|收货人|收件人",
    "receiver_phone": "联系手机|手机|收货人手机|联系方式",
    "receiver_tel": "联系电话|电话",
    "receiver_address": "修改后的收货地址|收货地址|收货人地址",
    "address_first": "收货地址|收货人地址",
    "due_goods_fen": "买家应付货款",
    "postage_fen": "买家应付邮费",
    "paid_fen": "买家实际支付金额|买家实付金额",
    "refunded_fen": "退款金额",
    "buyer_remark": "买家留言|买家备注",
    "seller_remark": "订单备注|商家备注|卖家备注",
    "flag": "备注标签|旗帜|订单旗帜",
    "waybill": "物流单号|运单号",
    "carrier": "物流公司",
    "close_reason": "订单关闭原因",
    "step": "分阶段订单信息",
}


def _settle(order: OrderRecord, values: Values) -> None:
    """What the buyer owes is goods after discount, and postage; `订单未关闭` is no reason."""
    due = values.fen("due_goods_fen")
    if due is not None:
        order.payable_fen = due + (order.postage_fen or 0)
    if order.close_reason == "订单未关闭":
        order.close_reason = ""
    order.receiver_address = order.receiver_address or values.words("address_first")
    order.receiver_phone = order.receiver_phone or values.words("receiver_tel")


def _order_alone(order: OrderRecord, _line: LineRecord, values: Values) -> list[LineRecord]:
    _settle(order, values)
    return []


def _titles(order: OrderRecord, line: LineRecord, values: Values) -> list[LineRecord]:
    """Qianniu's workbook names the goods in the order's own row, joined by commas.

    With one kind, or as many pieces as kinds, each quantity is certain. Otherwise the row stays
    one line that has no code: a person says what is in it before anything is shipped.
    """
    _settle(order, values)
    kinds = values.found.get("kinds")
    titles = _split(line.title, kinds)
    specs = _split(line.spec, kinds)
    certain = len(titles) == kinds == line.quantity and kinds > 1
    goods = values.fen("goods_total_fen")
    order.goods_fen = goods
    line.total_fen = goods or 0
    line.unit_price_fen = round(line.total_fen / line.quantity)
    if not certain:
        return [line]
    return _shares(line, titles, specs if len(specs) == kinds else [""] * len(titles))


def _split(joined: str, kinds: object) -> list[str]:
    parts = [part.strip() for part in joined.replace("，", ",").split(",")]
    return parts if len(parts) == kinds else [joined]


def _shares(line: LineRecord, titles: list[str], specs: list[str]) -> list[LineRecord]:
    """Give each title one piece and an equal share of the goods' total, the first the rest."""
    share, rest = divmod(line.total_fen, len(titles))
    return [
        LineRecord(
            platform_order=line.platform_order,
            title=title,
            spec=spec,
            unit_price_fen=share + (rest if place == 0 else 0),
            total_fen=share + (rest if place == 0 else 0),
            refund_state=line.refund_state,
        )
        for place, (title, spec) in enumerate(zip(titles, specs, strict=True))
    ]


def _sub_order(order: OrderRecord, line: LineRecord, values: Values) -> list[LineRecord]:
    """In the sub-order list every amount is that of the row; the order's are their sums."""
    due = values.fen("due_goods_fen")
    line.payable_fen = None if due is None else due + (order.postage_fen or 0)
    line.line_postage_fen = order.postage_fen
    order.postage_fen = order.payable_fen = order.paid_fen = order.refunded_fen = None
    line.carrier, line.waybill = order.carrier, order.waybill
    return [line]


ORDER_LIST = Format(
    key="taobao.orders",
    platform="TAOBAO",
    columns=columns(**_ORDER),
    needs=frozenset({"platform_order", "status", "buyer_nick", "receiver_name", "due_goods_fen"}),
    must=frozenset({"platform_order"}),
    rows=ORDERS,
    states=STATES,
    finish=_order_alone,
)

DETAIL_LIST = Format(
    key="taobao.details",
    platform="TAOBAO",
    columns=columns(
        platform_order="订单编号",
        title="标题|宝贝标题|商品标题",
        unit_price="价格|商品价格",
        quantity="购买数量",
        sku_code="商家编码|外部系统编号",
        sku_code_other="外部系统编号",
        spec="商品属性",
        line_status="订单状态",
    ),
    needs=frozenset({"platform_order", "title", "unit_price", "quantity"}),
    must=frozenset({"platform_order", "quantity"}),
    rows=LINES,
    states=STATES,
)

SUB_ORDER_LIST = Format(
    key="taobao.suborders",
    platform="TAOBAO",
    columns=columns(
        **{
            **_ORDER,
            "platform_order": "主订单编号|订单编号",
            "sub_order": "子订单编号",
            "title": "商品标题|标题|宝贝标题",
            "unit_price": "商品价格|价格",
            "quantity": "购买数量",
            "sku_code": "商家编码|外部系统编号",
            "sku_code_other": "外部系统编号",
            "spec": "商品属性",
            "product_code": "skuId|商品ID",
            "refund_status": "退款状态",
        }
    ),
    needs=frozenset({"platform_order", "sub_order", "title", "quantity"}),
    must=frozenset({"platform_order", "sub_order", "quantity"}),
    states=STATES,
    refunds=REFUNDS,
    finish=_sub_order,
)

QIANNIU = Format(
    key="taobao.qianniu",
    platform="TAOBAO",
    columns=columns(
        **{
            **_ORDER,
            "title": "商品标题|宝贝标题",
            "spec": "商品属性SKU|商品属性",
            "quantity": "宝贝总数量",
            "kinds": "宝贝种类",
            "goods_total_fen": "总金额",
        }
    ),
    needs=frozenset({"platform_order", "title", "spec", "quantity", "kinds"}),
    must=frozenset({"platform_order", "quantity"}),
    states=STATES,
    refunds=REFUNDS,
    one_row=True,
    finish=_titles,
)

FORMATS = (ORDER_LIST, DETAIL_LIST, SUB_ORDER_LIST, QIANNIU)
