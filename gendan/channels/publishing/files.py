"""The files by which platforms without an API are told, in the words of their batch pages."""

from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO

import xlsxwriter

from gendan.channels.models.publishing import PublicationQuerySet
from gendan.people.models import Platform


@dataclass(frozen=True)
class Upload:
    """The columns of a platform's batch stock page: its item, our code, how many, on sale or not.

    `is_on` is empty where the page takes no listing and delisting.
    """

    item: str
    code: str
    quantity: str
    is_on: str = ""
    words: tuple[str, str] = ("上架", "下架")

    @property
    def columns(self) -> list[str]:
        return [name for name in (self.item, self.code, self.quantity, self.is_on) if name]


UPLOADS: dict[str, Upload] = {
    Platform.TAOBAO: Upload("商品ID", "商家编码", "库存数量", "商品状态"),
    Platform.JD: Upload("商品编号", "货号", "可售库存"),
    Platform.PINDUODUO: Upload("商品id", "商家编码-规格维度", "库存", "上下架状态"),
    Platform.DOUYIN: Upload("商品ID", "商家编码", "库存数量", "上下架"),
    Platform.YOUZAN: Upload("商品ID", "规格编码", "库存"),
    Platform.SHOPIFY: Upload("Handle", "SKU", "Available", "Status", ("active", "draft")),
}


def rows(publications: PublicationQuerySet, upload: Upload) -> Iterable[list[str | int]]:
    """Return the lines of a file, by item and code."""
    found = publications.order_by("code__offer__item", "code__code", "pk").values_list(
        "code__offer__item", "code__code", "quantity"
    )
    for item, code, quantity in found:
        on = [upload.words[0 if quantity else 1]] if upload.is_on else []
        yield [item, code, quantity, *on]


def upload_file(publications: PublicationQuerySet, platform: str) -> bytes:
    """Return the workbook that a platform's batch page takes; item numbers stay text.

    :raises KeyError: if the platform has no such page
    """
    upload, target = UPLOADS[platform], BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_numbers": False}) as book:
        sheet = book.add_worksheet("Sheet1")
        sheet.write_row(0, 0, upload.columns)
        for number, line in enumerate(rows(publications, upload), start=1):
            sheet.write_row(number, 0, line)
        sheet.autofit()
    return target.getvalue()
