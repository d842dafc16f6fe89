"""Order files in the shapes of the platforms, made by the tests that need them."""

from collections.abc import Sequence
from pathlib import Path

import xlsxwriter

Rows = Sequence[Sequence[object]]


def _columns(names: str) -> list[str]:
    return names.split(",")


TAOBAO_ORDERS = _columns(
    "订单编号,买家会员名,买家支付宝账号,买家应付货款,买家应付邮费,总金额,"
    "买家实际支付金额,订单状态,买家留言,收货人姓名,收货地址 ,运送方式,联系电话 ,"
    "联系手机,订单创建时间,订单付款时间 ,宝贝标题 ,宝贝种类 ,"
    "物流单号 ,物流公司,订单备注,宝贝总数量,订单关闭原因,修改后的收货地址,退款金额"
)
TAOBAO_DETAILS = _columns(
    "订单编号,标题,价格,购买数量,外部系统编号,商品属性,套餐信息,备注,订单状态,商家编码"
)
TAOBAO_SUB = _columns(
    "子订单编号,主订单编号,买家会员名,商品标题,商品价格,购买数量,外部系统编号,商品属性,商家编码,订单状态,"
    "买家应付货款,买家实付金额,退款状态,订单创建时间,订单付款时间,收货人姓名,联系手机,收货地址"
)
QIANNIU = _columns(
    "订单编号,支付单号,买家应付货款,买家应付邮费,总金额,买家实付金额,订单状态,收货地址,运送方式,订单创建时间,"
    "商品标题,宝贝种类,物流单号,物流公司,备注标签,商家备注,宝贝总数量,开票信息,手机订单,商品属性SKU,发货时间"
)
JD = _columns(
    "订单号,商品名称,订购数量,下单时间,订单金额,商家应收,订单状态,客户姓名,客户地址,联系电话,京东价,货号"
)
PINDUODUO = _columns(
    "订单成交时间,商品,订单号,订单状态,商品总价(元),邮费(元),店铺优惠折扣(元),平台优惠折扣(元),"
    "多多支付立减金额(元),用户实付金额(元),商家实收金额(元),商品数量(件),商品规格,样式ID,"
    "商家编码-规格维度,售后状态,快递单号,快递公司"
)
DOUYIN = _columns(
    "主订单编号,子订单编号,选购商品,商品规格,商品数量,商家编码,订单应付金额,运费,收件人,收件人手机号,详细地址,"
    "订单提交时间,商家备注,订单状态,售后状态,取消原因,平台实际承担优惠金额,商家实际承担优惠金额"
)
YOUZAN = _columns(
    "订单号,订单状态,买家付款时间,订单实付金额,全部商品名称,收货人/提货人,收货人手机号/提货人手机号,"
    "收货人省份,收货人城市,收货人地区,详细收货地址/提货地址,买家昵称"
)
SHOPIFY = _columns(
    "Name,Email,Financial Status,Paid at,Fulfillment Status,Currency,Subtotal,Shipping,Total,"
    "Discount Amount,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,"
    "Shipping Name,Shipping Address1,Shipping City,Shipping Phone,Cancelled at"
)
OWN = _columns(
    "订单号,子订单号,状态,下单时间,收货人,电话,地址,商家编码,商品名称,数量,单价,特殊要求,修改时间"
)

ADDRESS = "广东省 广州市 越秀区 黄花岗街道示例路50号(510180)"


def taobao_order(number: str, status: str = "买家已付款，等待卖家发货", **more: str) -> list[str]:
    """Return a row of an order list; `more` replaces columns by name."""
    usual = {
        "订单编号": f'="{number}"',
        "买家会员名": f"buyer{number[-3:]}",
        "买家应付货款": "200.00",
        "买家应付邮费": "10.00",
        "总金额": "210.00",
        "买家实际支付金额": "0.00" if "等待买家付款" in status else "210.00",
        "订单状态": status,
        "收货人姓名": "林一诺",
        "收货地址": ADDRESS,
        "联系手机": "'13900000001",
        "订单创建时间": "2026-11-20 10:00:00",
        "订单付款时间": "" if "等待买家付款" in status else "2026-11-20 10:05:00",
        "订单关闭原因": "订单未关闭",
    }
    return [{**usual, **more}.get(name.strip(), "") for name in TAOBAO_ORDERS]


def taobao_detail(number: str, code: str = "TEA-01", quantity: int | str = 2) -> list[object]:
    """Return a row of a detail list: some tins of tea."""
    title = "明前龙井 铁罐装"
    status = "买家已付款，等待卖家发货"
    return [f'="{number}"', title, "110.00", quantity, code, "净含量：125克", "", "", status, code]


def sub_order(number: str, nth: int = 1, /, **more: str) -> list[str]:
    """Return a row of a sub-order list."""
    usual = {
        "子订单编号": f'="{number}{nth}"',
        "主订单编号": f'="{number}"',
        "买家会员名": f"buyer{number[-3:]}",
        "商品标题": "明前龙井 铁罐装",
        "商品价格": "128.00",
        "购买数量": "1",
        "商家编码": "TEA-01",
        "订单状态": "买家已付款，等待卖家发货",
        "买家应付货款": "120.00",
        "买家实付金额": "120.00",
        "退款状态": "没有申请退款",
        "订单创建时间": "2026-11-20 10:00:00",
        "订单付款时间": "2026-11-20 10:05:00",
        "收货人姓名": "林一诺",
        "联系手机": "'13900000001",
        "收货地址": ADDRESS,
    }
    return [{**usual, **more}.get(name, "") for name in TAOBAO_SUB]


def as_csv(
    place: Path,
    header: Sequence[str],
    rows: Rows,
    *,
    encoding: str = "utf-8-sig",
    trailing: bool = False,
) -> Path:
    """Write a CSV file as a platform would; `trailing` puts a comma behind each row."""
    lines = [[*row, ""] if trailing else row for row in rows]
    text = "".join(",".join(map(_quoted, row)) + "\r\n" for row in [header, *lines])
    place.write_bytes(text.encode(encoding))
    return place


def _quoted(cell: object) -> str:
    """Quote a field as Taobao does: `="…"` stands there as it is."""
    text = str(cell)
    return text if text.startswith('="') else '"' + text.replace('"', '""') + '"'


def as_xlsx(place: Path, header: Sequence[str], rows: Rows) -> Path:
    """Write a workbook with one sheet."""
    book = xlsxwriter.Workbook(place)
    sheet = book.add_worksheet()
    for number, row in enumerate([header, *rows]):
        sheet.write_row(number, 0, row)
    book.close()
    return place
