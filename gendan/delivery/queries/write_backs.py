"""What waits to be told to the platforms, and the files that tell it."""

from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO

import xlsxwriter
from django.db.models import Count, Q

from gendan.delivery.models import WriteBack, WriteBackState
from gendan.delivery.models.handover import WriteBackQuerySet
from gendan.people.access import Worker
from gendan.people.models import Platform, Shop

OPEN = (WriteBackState.WAITING, WriteBackState.EXPORTED)


@dataclass(frozen=True)
class Upload:
    """The columns of a platform's batch shipping upload, in its own words.

    `sub_order` is empty where the platform takes whole orders only.
    """

    order: str
    sub_order: str
    carrier: str
    waybill: str

    @property
    def columns(self) -> list[str]:
        return [name for name in (self.order, self.sub_order, self.carrier, self.waybill) if name]


UPLOADS: dict[str, Upload] = {
    Platform.TAOBAO: Upload("订单编号", "子订单编号", "物流公司", "物流单号"),
    Platform.JD: Upload("订单号", "", "物流公司", "运单号"),
    Platform.PINDUODUO: Upload("订单号", "", "快递公司", "快递单号"),
    Platform.DOUYIN: Upload("主订单编号", "子订单编号", "快递公司", "快递单号"),
    Platform.YOUZAN: Upload("订单号", "", "物流公司", "物流单号"),
    Platform.SHOPIFY: Upload("Name", "", "Tracking Company", "Tracking Number"),
}


def rows(write_backs: WriteBackQuerySet, upload: Upload) -> Iterable[list[str]]:
    """The lines of an upload, each order (or sub-order) once for each parcel."""
    seen: set[tuple[str, ...]] = set()
    found = write_backs.order_by("pk").values_list(
        "order__platform_order", "sub_order", "shipment__carrier__name", "shipment__waybill"
    )
    for order, sub_order, carrier, waybill in found:
        subs = (sub_order,) if upload.sub_order else ()
        line = (order, *subs, carrier or "", waybill)
        if line not in seen:
            seen.add(line)
            yield list(line)


def upload_file(write_backs: WriteBackQuerySet, platform: str) -> bytes:
    """An XLSX that the platform's batch shipping page takes; numbers stay text.

    :raises KeyError: if the platform has no such page
    """
    upload, target = UPLOADS[platform], BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_numbers": False}) as book:
        sheet = book.add_worksheet("Sheet1")
        sheet.write_row(0, 0, upload.columns)
        for number, line in enumerate(rows(write_backs, upload), start=1):
            sheet.write_row(number, 0, line)
        sheet.autofit()
    return target.getvalue()


@dataclass(frozen=True)
class ShopQueue:
    """How many waybills of a shop its platform has not been told yet."""

    shop: Shop
    waiting: int
    exported: int

    @property
    def has_upload(self) -> bool:
        return self.shop.platform in UPLOADS


def queues(worker: Worker) -> list[ShopQueue]:
    """The shops that something waits for, the longest queue first."""
    counted = (
        WriteBack.objects.visible_to(worker)
        .filter(state__in=OPEN)
        .values("shop")
        .annotate(
            waiting=Count("pk", filter=Q(state=WriteBackState.WAITING)),
            exported=Count("pk", filter=Q(state=WriteBackState.EXPORTED)),
        )
        .order_by("-waiting", "shop")
    )
    shops = Shop.objects.in_bulk([row["shop"] for row in counted])
    return [ShopQueue(shops[row["shop"]], row["waiting"], row["exported"]) for row in counted]
