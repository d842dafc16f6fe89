"""Reading a carrier's file, whatever its columns are called: waybill, day, weight and fee."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from django.utils import timezone

from gendan.channels.reading import values
from gendan.channels.reading.problems import Unreadable
from gendan.ui.tables.cells import clean, header, is_empty
from gendan.ui.tables.table import Table

COLUMNS: dict[str, tuple[str, ...]] = {
    "waybill": (
        "运单号",
        "运单号码",
        "运单编号",
        "快递单号",
        "物流单号",
        "面单号",
        "单号",
        "waybill",
        "trackingnumber",
        "waybillnumber",
    ),
    "weight": (
        "计费重量",
        "结算重量",
        "称重重量",
        "实际重量",
        "重量",
        "weight",
        "billedweight",
        "chargeableweight",
    ),
    "fee": (
        "运费",
        "快递费",
        "费用",
        "应付金额",
        "应收金额",
        "结算金额",
        "金额",
        "fee",
        "amount",
        "charge",
    ),
    "date": (
        "揽收时间",
        "揽收日期",
        "寄件时间",
        "寄件日期",
        "收件日期",
        "发货日期",
        "业务日期",
        "日期",
        "date",
        "pickupdate",
        "shipdate",
    ),
}
GRAMS = re.compile(r"\((g|克)\)")
MARK = re.compile(r"\(.*?\)")
MOST = 1_000_000  # kilograms or yuan of one parcel; what is more is no weight and no fee
NUMBER = re.compile(r"[A-Z0-9-]{6,80}")


@dataclass(frozen=True)
class BillLine:
    """What one row says; `on` none where the file names no day."""

    row: int
    waybill: str
    on: date | None
    weight_g: int | None
    fee_fen: int | None


def positions(headers: tuple[str, ...]) -> dict[str, int]:
    """Return which column is which, the best name first."""
    names = [MARK.sub("", header(name)).lower().replace("_", "") for name in headers]
    found = {}
    for field, aliases in COLUMNS.items():
        place = next((names.index(alias) for alias in aliases if alias in names), None)
        if place is not None:
            found[field] = place
    return found


def lines(table: Table) -> Iterator[BillLine | None]:
    """Yield what each row says, None for one that can't be read. Weights are in kilograms."""
    where = positions(table.headers)
    unit = 1 if "weight" in where and GRAMS.search(header(table.headers[where["weight"]])) else 1000
    for row in table.rows():
        cells = [clean(cell) for cell in row.cells]
        told = {field: cells[at] for field, at in where.items() if at < len(cells)}
        waybill = told.get("waybill", "").upper()
        if not NUMBER.fullmatch(waybill):
            if any(cells):
                yield None
            continue
        yield BillLine(
            row.number,
            waybill,
            _day(told.get("date", "")),
            _times(told.get("weight", ""), unit),
            _times(told.get("fee", ""), 100),
        )


def _times(cell: str, unit: int) -> int | None:
    """Return a number in the smaller unit; None where nothing can be read."""
    plain = re.sub(r"[¥元,\s]|kg|千克|公斤", "", cell, flags=re.IGNORECASE)
    try:
        number = Decimal(plain or "NaN")
    except InvalidOperation:
        return None
    return round(number * unit) if number.is_finite() and abs(number) < MOST else None


def _day(cell: str) -> date | None:
    if is_empty(cell):
        return None
    try:
        found = values.instant(cell)
    except Unreadable:
        return None
    return timezone.localtime(found).date() if found else None
