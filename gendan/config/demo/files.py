"""The order files of the demo's web shops, as the platforms export them."""

import csv
import io
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone

from gendan.catalog.models import Sku
from gendan.config.demo.buyers import Buyer

REMARKS = ("请尽快发货，谢谢", "送人的，包装好一点", "麻烦发顺丰", "放驿站即可", "两单一起发")
SELLER_REMARKS = ("老客，多送一包试饮", "改墨绿，已和买家确认", "周三后再发")


@dataclass
class Bought:
    """One order of a web shop."""

    number: str
    buyer: Buyer
    at: datetime
    goods: Sequence[tuple[Sku, int]]
    status: str  # UNPAID, PAID, FORBIDDEN, SHIPPED, CLOSED
    remark: str = ""
    seller_remark: str = ""
    discount_fen: int = 0

    @property
    def goods_fen(self) -> int:
        return sum(sku.price_fen * number for sku, number in self.goods)

    @property
    def paid_fen(self) -> int:
        return self.goods_fen - self.discount_fen

    @property
    def paid_at(self) -> datetime | None:
        return None if self.status in ("UNPAID", "CLOSED") else self.at + timedelta(seconds=94)


def yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02}"


def moment(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S}" if at else ""


def bought(
    prefix: str, number: int, buyers: Sequence[Buyer], skus: Sequence[Sku], rnd: random.Random
) -> list[Bought]:
    """Return a shop's orders of the last nine days,
    most of them paid and few goods bought most."""
    weights = [1 / (place + 1) ** 0.8 for place in range(len(skus))]
    now = timezone.now()
    orders = []
    for index in range(number):
        age = timedelta(minutes=rnd.triangular(20, 9 * 1440, 600))
        chosen = rnd.choices(skus, weights, k=rnd.choices((1, 2, 3), (70, 22, 8))[0])
        goods = [(sku, rnd.choices((1, 2, 3), (80, 15, 5))[0]) for sku in dict.fromkeys(chosen)]
        status = rnd.choices(
            ("PAID", "UNPAID", "FORBIDDEN", "SHIPPED", "CLOSED"), (88, 4, 2, 3, 3)
        )[0]
        orders.append(
            Bought(
                number=f"{prefix}{index:05}{rnd.randint(100000, 999999)}",
                buyer=rnd.choice(buyers),
                at=now - age,
                goods=goods,
                status=status,
                remark=rnd.choice(REMARKS) if rnd.random() < 0.06 else "",
                seller_remark=rnd.choice(SELLER_REMARKS) if rnd.random() < 0.03 else "",
                discount_fen=rnd.choice((0, 0, 0, 500, 1000))
                if goods[0][0].price_fen > 3000
                else 0,
            )
        )
    return orders


def _csv(folder: Path, name: str, encoding: str, rows: Iterable[Sequence[object]]) -> Path:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    place = folder / name
    place.write_bytes(text.getvalue().encode(encoding))
    return place


TAOBAO = {
    "PAID": "买家已付款，等待卖家发货",
    "UNPAID": "等待买家付款",
    "FORBIDDEN": "买家已付款，等待卖家发货",
    "SHIPPED": "卖家已发货，等待买家确认",
    "CLOSED": "交易关闭",
}


def taobao(orders: Sequence[Bought], folder: Path) -> list[Path]:
    """Write the order list and the detail list, in GB18030, with numbers as ="…"."""
    head = [
        "订单编号", "买家会员名", "买家应付货款", "买家应付邮费", "总金额", "买家实际支付金额",
        "订单状态",
        "买家留言", "收货人姓名", "收货地址 ", "运送方式", "联系电话 ", "联系手机",
        "订单创建时间",
        "订单付款时间 ", "宝贝标题 ", "宝贝种类 ", "物流单号 ", "物流公司", "订单备注",
        "宝贝总数量",
        "订单关闭原因",
    ]  # fmt: skip
    rows: list[Sequence[object]] = [head]
    details: list[Sequence[object]] = [
        ["订单编号", "标题", "价格", "购买数量", "外部系统编号", "商品属性", "套餐信息", "备注",
         "订单状态", "商家编码"],
    ]  # fmt: skip
    for order in orders:
        number, status = f'="{order.number}"', TAOBAO[order.status]
        shipped = order.status == "SHIPPED"
        rows.append([
            number, order.buyer.nick, yuan(order.paid_fen), "0.00", yuan(order.paid_fen),
            yuan(order.paid_fen) if order.paid_at else "0.00", status, order.remark,
            order.buyer.name, order.buyer.line, "快递", "", f"'{order.buyer.phone}",
            moment(order.at), moment(order.paid_at),
            "，".join(sku.title for sku, _number in order.goods), len(order.goods),
            f"No:75{order.number[-11:]}" if shipped else "", "中通快递" if shipped else "",
            order.seller_remark, sum(number for _sku, number in order.goods),
            "买家不想要了" if order.status == "CLOSED" else "订单未关闭",
        ])  # fmt: skip
        details.extend(
            [number, sku.title, yuan(sku.price_fen), pieces, sku.code, sku.specification, "", "",
             status, sku.code]
            for sku, pieces in order.goods
        )  # fmt: skip
    return [
        _csv(folder, "ExportOrderList.csv", "gb18030", rows),
        _csv(folder, "ExportOrderDetailList.csv", "gb18030", details),
    ]


PINDUODUO = {
    "PAID": "待发货",
    "UNPAID": "待支付",
    "FORBIDDEN": "拼团中",
    "SHIPPED": "已发货，待签收",
    "CLOSED": "已取消",
}


def pinduoduo(orders: Sequence[Bought], folder: Path) -> list[Path]:
    """Write Pinduoduo's export: one row an order, one article an order."""
    rows: list[Sequence[object]] = [[
        "订单成交时间", "商品", "订单号", "订单状态", "商品总价(元)", "邮费(元)",
        "店铺优惠折扣(元)",
        "平台优惠折扣(元)", "多多支付立减金额(元)", "用户实付金额(元)", "商家实收金额(元)",
        "商品数量(件)",
        "发货时间", "确认收货时间", "商品id", "商品规格", "样式ID", "商家编码-规格维度",
        "商家编码-商品维度",
        "商家备注", "售后状态", "快递单号", "快递公司", "收货人", "手机", "省", "市", "区",
        "街道",
    ]]  # fmt: skip
    for order in orders:
        sku, pieces = order.goods[0]
        goods = sku.price_fen * pieces
        paid = goods - order.discount_fen
        rows.append([
            moment(order.paid_at), sku.title, order.number, PINDUODUO[order.status],
            yuan(goods), "0",
            yuan(order.discount_fen), "0", "0", yuan(paid), yuan(paid), pieces, "", "",
            754_000_000 + sku.pk, sku.specification, sku.pk, sku.code, sku.product_id,
            order.seller_remark, "无售后或售后取消", "", "", order.buyer.name, order.buyer.phone,
            order.buyer.province, order.buyer.city, order.buyer.district, order.buyer.detail,
        ])  # fmt: skip
    return [_csv(folder, "orders_export.csv", "utf-8-sig", rows)]


DOUYIN = {
    "PAID": "待发货",
    "UNPAID": "待支付",
    "FORBIDDEN": "风控审核中",
    "SHIPPED": "已发货",
    "CLOSED": "已关闭",
}


def douyin(orders: Sequence[Bought], folder: Path) -> list[Path]:
    """Write Douyin's export: a row a sub-order, ids behind a tab, `-` for nothing."""
    rows: list[Sequence[object]] = [[
        "主订单编号", "子订单编号", "选购商品", "商品规格", "商品数量", "商品ID", "商家编码",
        "商品单价",
        "订单应付金额", "运费", "优惠总金额", "收件人", "收件人手机号", "省", "市", "区",
        "街道", "详细地址",
        "买家留言", "订单提交时间", "商家备注", "订单完成时间", "支付完成时间", "承诺发货时间",
        "订单状态",
        "售后状态", "取消原因", "发货时间",
    ]]  # fmt: skip
    for order in orders:
        for position, (sku, pieces) in enumerate(order.goods, 1):
            buyer = order.buyer
            rows.append([
                f"\t{order.number}", f"\t{order.number}{position}", f"\t{sku.title}",
                f"\t{sku.specification}", pieces, f"\t{360_000_000 + sku.pk}", f"\t{sku.code}",
                yuan(sku.price_fen), yuan(sku.price_fen * pieces), "0.00", "0.00", buyer.name,
                buyer.phone, buyer.province, buyer.city, buyer.district, "", buyer.detail,
                order.remark or "-", moment(order.at), order.seller_remark or "-", "-",
                moment(order.paid_at) or "-", moment(order.at + timedelta(days=2)),
                DOUYIN[order.status], "-", "-" if order.status != "CLOSED" else "买家取消",
                moment(order.at + timedelta(days=1)) if order.status == "SHIPPED" else "-",
            ])  # fmt: skip
    return [_csv(folder, "douyin_orders.csv", "utf-8-sig", rows)]
