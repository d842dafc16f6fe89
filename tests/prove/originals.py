"""Good order files, one in each shape that a platform exports; a proof damages copies of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from gendan.channels.tests import files

ADDRESS = "广东省 广州市 越秀区 黄花岗街道示例路50号(510180)"
AT = "2026-11-20 10:05:00"
PAID = "买家已付款，等待卖家发货"
INVOICES = [
    *("InvoiceNo", "StockCode", "Description", "Quantity"),
    *("InvoiceDate", "UnitPrice", "CustomerID", "Country"),
]
GOODS = (
    ("TEA-01", "明前龙井, 铁罐装", 128),
    ("CUP-9", "白瓷盖碗 “霁青”", 99),
    ("BAG-7", "布袋", 3),
)
BOUGHT = (((0, 2),), ((1, 1), (2, 10)), ((2, 12),), ((0, 1), (1, 3), (2, 20)), ((1, 1),))
"""Of five orders the goods and pieces of each line."""

Row = dict[str, str]


class Bought(NamedTuple):
    """A line of an order; `first` says whether it is the order's first."""

    order: str
    nth: int
    code: str
    title: str
    price: int
    pieces: int
    total: int
    first: bool


@dataclass(frozen=True)
class Original:
    """A table that holds five orders, and what its columns are; "" where it has none."""

    name: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    number: str
    words: str
    pieces: str = ""
    money: str = ""
    time: str = ""
    total: str = ""  # an amount that no two rows of one order, or sub-order, may tell differently
    kind: str = "csv"
    encoding: str = "utf-8-sig"
    partner: "Original | None" = None

    def place(self, name: str) -> int:
        """Return where a column stands."""
        return list(self.header).index(name)

    def write(self, place: Path, header: Sequence[str], rows: files.Rows) -> Path:
        """Write a table as the platform writes this one."""
        if self.kind == "xlsx":
            plain = [[str(cell).removeprefix('="').rstrip('"') for cell in row] for row in rows]
            return files.as_xlsx(place, header, plain)
        return files.as_csv(place, header, rows, encoding=self.encoding)


def originals() -> tuple[Original, ...]:
    """Return one original of every format."""
    orders = _table("orders", files.TAOBAO_ORDERS, map(_taobao_order, _orders()))
    details = _table("details", files.TAOBAO_DETAILS, map(_detail, _lines("4200000000000000")))
    orders = replace(orders, number="订单编号", words="买家留言", money="买家应付货款")
    orders = replace(orders, time="订单创建时间", total="买家应付货款", encoding="gb18030")
    details = replace(details, number="订单编号", words="标题", pieces="购买数量", money="价格")
    details = replace(details, encoding="gb18030")
    single = [*_taobao(), *_others(), *_own()]
    return replace(orders, partner=details), replace(details, partner=orders), *single


def _taobao() -> Iterator[Original]:
    sub = _table("suborders", files.TAOBAO_SUB, map(_sub_order, _lines("4300000000000000")))
    sub = replace(sub, number="主订单编号", words="商品标题", pieces="购买数量", money="商品价格")
    sub = replace(sub, time="订单创建时间", total="商品价格", encoding="gb18030")
    yield sub
    yield replace(sub, name="suborders-xlsx", kind="xlsx")
    qianniu = _table("qianniu", files.QIANNIU, map(_qianniu, _orders()))
    qianniu = replace(qianniu, number="订单编号", words="商家备注", pieces="宝贝总数量")
    yield replace(qianniu, money="总金额", time="订单创建时间", total="总金额", kind="xlsx")


def _others() -> Iterator[Original]:
    jd = _table("jd", files.JD, map(_jd, _lines("2700000000")))
    jd = replace(jd, number="订单号", words="商品名称", pieces="订购数量", money="京东价")
    yield replace(jd, time="下单时间", total="订单金额", encoding="gb18030")
    pdd = _table("pinduoduo", files.PINDUODUO, map(_pinduoduo, _firsts("261120-1000000000")))
    pdd = replace(pdd, number="订单号", words="商品", pieces="商品数量(件)", money="商品总价(元)")
    yield replace(pdd, time="订单成交时间", total="用户实付金额(元)")
    douyin = _table("douyin", files.DOUYIN, map(_douyin, _lines("6900000000000000")))
    douyin = replace(douyin, number="主订单编号", words="商家备注", pieces="商品数量")
    yield replace(douyin, money="订单应付金额", time="订单提交时间", total="订单应付金额")
    youzan = _table("youzan", files.YOUZAN, map(_youzan, _firsts("E2026112010000000")))
    youzan = replace(youzan, number="订单号", words="买家昵称", money="订单实付金额")
    yield replace(youzan, time="买家付款时间", total="订单实付金额")
    shopify = _table("shopify", files.SHOPIFY, map(_shopify, _lines("#100")))
    shopify = replace(shopify, number="Name", words="Lineitem name", pieces="Lineitem quantity")
    yield replace(shopify, money="Lineitem price", time="Created at", encoding="utf-8")
    invoices = _table("invoices", INVOICES, map(_invoice, _lines("5363")))
    invoices = replace(invoices, number="InvoiceNo", words="Description", pieces="Quantity")
    yield replace(invoices, money="UnitPrice", time="InvoiceDate", encoding="utf-8")


def _own() -> Iterator[Original]:
    own = _table("own", files.OWN, map(_own_row, _lines("S20261121-00")))
    own = replace(own, number="订单号", words="商品名称", pieces="数量", money="单价")
    own = replace(own, time="下单时间", total="单价")
    yield own
    yield replace(own, name="own-xlsx", kind="xlsx")


def _table(name: str, header: Sequence[str], rows: Iterator[Row]) -> Original:
    columns = [column.strip() for column in header]
    table = [[row.get(column, "") for column in columns] for row in rows]
    return Original(name, columns, table, "", "")


def _lines(prefix: str) -> Iterator[Bought]:
    for place, goods in enumerate(BOUGHT, 1):
        total = sum(GOODS[index][2] * pieces for index, pieces in goods)
        for nth, (index, pieces) in enumerate(goods, 1):
            code, title, price = GOODS[index]
            yield Bought(f"{prefix}{place}", nth, code, title, price, pieces, total, nth == 1)


def _firsts(prefix: str) -> Iterator[Bought]:
    """Orders of platforms whose row is an order of one kind of goods."""
    return (line._replace(total=line.price * line.pieces) for line in _lines(prefix) if line.first)


def _orders() -> Iterator[Bought]:
    return (line for line in _lines("4200000000000000") if line.first)


def _receiver(name: str, phone: str, address: str) -> Row:
    return {name: "林一诺", phone: "13900000001", address: ADDRESS}


def _taobao_order(line: Bought) -> Row:
    money = {
        "买家应付货款": f"{line.total}.00",
        "买家应付邮费": "0.00",
        "总金额": f"{line.total}.00",
    }
    told = {
        "订单编号": f'="{line.order}"',
        "买家会员名": "小鱼",
        "订单状态": PAID,
        "买家留言": "放门口",
    }
    paid = {"买家实际支付金额": f"{line.total}.00", "订单创建时间": AT, "订单付款时间": AT}
    return {**told, **money, **paid, **_receiver("收货人姓名", "联系手机", "收货地址")}


def _detail(line: Bought) -> Row:
    goods = {"标题": line.title, "价格": f"{line.price}.00", "购买数量": f"{line.pieces}"}
    told = {"订单编号": f'="{line.order}"', "订单状态": PAID, "商家编码": line.code}
    return {**told, **goods, "外部系统编号": line.code}


def _sub_order(line: Bought) -> Row:
    due = f"{line.price * line.pieces}.00"
    goods = {"商品标题": line.title, "商品价格": f"{line.price}.00", "购买数量": f"{line.pieces}"}
    told = {"子订单编号": f'="{line.order}{line.nth}"', "主订单编号": f'="{line.order}"'}
    paid = {"买家应付货款": due, "买家实付金额": due, "订单创建时间": AT, "订单付款时间": AT}
    more = {
        "订单状态": PAID,
        "商家编码": line.code,
        "退款状态": "没有申请退款",
        "买家会员名": "小鱼",
    }
    return {**told, **goods, **paid, **more, **_receiver("收货人姓名", "联系手机", "收货地址")}


def _qianniu(line: Bought) -> Row:
    money = {"买家应付货款": f"{line.total}.00", "总金额": f"{line.total}.00"}
    goods = {
        "商品标题": "布袋",
        "宝贝种类": "1",
        "宝贝总数量": f"{line.pieces}",
        "商家备注": "老客户",
    }
    told = {"订单编号": line.order, "订单状态": PAID, "订单创建时间": AT, "收货地址": ADDRESS}
    return {**told, **money, **goods, "买家实付金额": f"{line.total}.00"}


def _jd(line: Bought) -> Row:
    goods = {"商品名称": line.title, "订购数量": f"{line.pieces}", "京东价": f"{line.price}.00"}
    told = {"订单号": line.order, "订单状态": "等待出库", "下单时间": AT, "货号": line.code}
    money = {"订单金额": f"{line.total}.00", "商家应收": f"{line.total}.00"}
    return {**told, **goods, **money, **_receiver("客户姓名", "联系电话", "客户地址")}


def _pinduoduo(line: Bought) -> Row:
    money = {
        "商品总价(元)": f"{line.total}.00",
        "用户实付金额(元)": f"{line.total}.00",
        "邮费(元)": "0",
    }
    goods = {"商品": line.title, "商品数量(件)": f"{line.pieces}", "商家编码-规格维度": line.code}
    told = {"订单号": line.order, "订单状态": "待发货", "订单成交时间": AT, "售后状态": "无售后"}
    return {**told, **money, **goods}


def _douyin(line: Bought) -> Row:
    goods = {"选购商品": line.title, "商品数量": f"{line.pieces}", "商家编码": line.code}
    told = {"主订单编号": line.order, "子订单编号": f"{line.order}{line.nth}", "订单状态": "待发货"}
    money = {"订单应付金额": f"{line.price * line.pieces}.00", "运费": "0", "订单提交时间": AT}
    more = {"商家备注": "老客户", "售后状态": "无售后"}
    return {**told, **goods, **money, **more, **_receiver("收件人", "收件人手机号", "详细地址")}


def _youzan(line: Bought) -> Row:
    told = {"订单号": line.order, "订单状态": "待发货", "买家付款时间": AT, "买家昵称": "小鱼"}
    goods = {"订单实付金额": f"{line.total}.00", "全部商品名称": line.title}
    where = _receiver("收货人/提货人", "收货人手机号/提货人手机号", "详细收货地址/提货地址")
    return {**told, **goods, **where}


def _shopify(line: Bought) -> Row:
    goods = {"Lineitem quantity": f"{line.pieces}", "Lineitem name": line.title}
    goods |= {"Lineitem price": f"{line.price}.00", "Lineitem sku": line.code}
    if not line.first:
        return {"Name": line.order, "Created at": AT, **goods}
    money = {"Subtotal": f"{line.total}.00", "Shipping": "0.00", "Total": f"{line.total}.00"}
    told = {"Name": line.order, "Email": "a@example.com", "Financial Status": "paid"}
    where = _receiver("Shipping Name", "Shipping Phone", "Shipping Address1")
    return {**told, **goods, **money, **where, "Created at": AT, "Paid at": AT}


def _invoice(line: Bought) -> Row:
    goods = {"StockCode": line.code, "Description": line.title, "Quantity": f"{line.pieces}"}
    told = {"InvoiceNo": line.order, "InvoiceDate": AT, "CustomerID": "17850"}
    return {**told, **goods, "UnitPrice": f"{line.price}.00", "Country": "France"}


def _own_row(line: Bought) -> Row:
    goods = {"商家编码": line.code, "商品名称": line.title, "数量": f"{line.pieces}"}
    told = {"订单号": line.order, "子订单号": f"{line.nth}", "状态": "已付款", "下单时间": AT}
    return {**told, **goods, "单价": f"{line.price}.00", **_receiver("收货人", "电话", "地址")}
