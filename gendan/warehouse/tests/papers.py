"""Papers to typeset, in the shapes the warehouse prints them."""

from dataclasses import replace
from datetime import datetime
from io import BytesIO

from pypdf import PdfReader

from gendan.warehouse.paper.documents import (
    CashOnDelivery,
    DeliveryNote,
    HandOverList,
    HandOverRow,
    Line,
    Party,
    PickList,
    PickRow,
    PricedDeliveryNote,
    PricedLine,
    Totals,
    Waybill,
)

NOW = datetime(2026, 11, 21, 10, 30)  # noqa: DTZ001 (paper shows local time)
CUSTOMER = Party("张雨桐", "138****5678", "浙江省杭州市西湖区文三路 90 号 3 幢 502 室")
HOUSE = Party("山间茶事仓库", "0571-8****123", "浙江省杭州市余杭区良渚街道 1 号")
TEA = Line("T-0007", "明前龙井 250 克铁罐", "规格:250g;等级:特级", 2)
PRICED_TEA = PricedLine("T-0007", "明前龙井 250 克铁罐", "规格:250g;等级:特级", 2, 12_345, 24_690)
TOTALS = Totals(goods_fen=24_690, postage_fen=1_000, discount_fen=690, payable_fen=25_000)

NOTE = DeliveryNote(
    shipment="S2611210001",
    basket=7,
    shop="山间茶事旗舰店",
    orders=("1234567890123456789",),
    receiver=CUSTOMER,
    lines=(TEA,),
    remarks=("生日快乐",),
    care=("密封、避光、防潮保存。",),
    return_hint="七天内可退，请先联系客服。",
)
PRICED_NOTE = PricedDeliveryNote(
    shipment="S2611210002",
    basket=8,
    shop="山间茶事旗舰店",
    orders=("1234567890123456789", "1234567890123456790"),
    receiver=CUSTOMER,
    lines=(PRICED_TEA,),
    totals=TOTALS,
)
WAYBILL = Waybill(
    number="SF1234567890123",
    carrier="顺丰速运",
    shipment="S2611210001",
    basket=7,
    sender=HOUSE,
    receiver=CUSTOMER,
    zone="571-A12",
    region="浙江 杭州 西湖区",
    goods="明前龙井 250 克铁罐 ×2",
    pieces=2,
    printed_at=NOW,
)
COD_WAYBILL = replace(WAYBILL, collect=CashOnDelivery(25_000), copy=2)
PICK_LIST = PickList(
    wave="W261121001",
    warehouse="杭州仓",
    printed_at=NOW,
    shipments=2,
    rows=(
        PickRow("A-01-2", TEA.code, TEA.title, TEA.specification, "6901234567892", 4, ((7, 4),)),
    ),
)
HAND_OVER = HandOverList(
    number="H261121001",
    carrier="顺丰速运",
    warehouse="杭州仓",
    printed_at=NOW,
    rows=(HandOverRow("SF1234567890123", "S2611210001", "张**", "浙江 杭州", 2, 1_250),),
)


def texts(pdf: bytes) -> list[str]:
    """What a reader of the PDF sees, page by page."""
    return [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]
