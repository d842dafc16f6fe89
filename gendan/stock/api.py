"""Stock over the API: what lies where, receiving and adjusting."""

from typing import Any

from django.db.models import F, Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema
from pydantic import AwareDatetime

from gendan.catalog.models import Sku
from gendan.people.access import at_warehouses
from gendan.people.api import key_of, needs, warehouse_of
from gendan.stock import actions
from gendan.stock.actions.count import Counted, take_stock
from gendan.stock.actions.goods import Goods
from gendan.stock.models import Balance
from gendan.ui.api import Page, Problem, Wrong, page
from gendan.ui.api.paging import Asked
from gendan.ui.finding import Field as Found
from gendan.ui.finding import Finder

router = Router(tags=["stock"])
BALANCES = Finder(
    Balance,
    (
        Found("sku", "SKU", lookup="sku__code"),
        Found("warehouse", "warehouse", lookup="warehouse__code"),
        Found("on_hand", "on hand", "number"),
        Found("reserved", "reserved", "number"),
        Found("free", "free", "number", expression=F("on_hand") - F("reserved")),
    ),
    quick=lambda text: Q(sku__code__iexact=text) | Q(sku__barcode=text),
)


class BalanceOut(Schema):
    sku: str
    warehouse: str
    on_hand: int
    reserved: int


class GoodsIn(Schema):
    sku: str
    quantity: int


class ReceiveIn(Schema):
    warehouse: str
    goods: list[GoodsIn] = Field(min_length=1, max_length=1_000)
    document: str = Field("", max_length=60, description="The number of the delivery.")
    why: str = ""


class AdjustIn(Schema):
    warehouse: str
    goods: list[GoodsIn] = Field(min_length=1, max_length=1_000, description="+ found, − missing.")
    why: str = Field(min_length=1)


class CountIn(Schema):
    warehouse: str
    at: AwareDatetime = Field(description="When it was counted.")
    goods: list[GoodsIn] = Field(min_length=1, max_length=1_000)
    why: str = Field(min_length=1)


class CountOut(Schema):
    sku: str = Field(alias="code")
    counted: int
    then: int = Field(description="What lay there at that moment.")
    correction: int
    since: int = Field(description="What came or left since.")
    after: int


class Moved(Schema):
    movements: int


@router.get("", response=Page[BalanceOut], summary="What lies where")
@needs("stock.see")
def balances(request: HttpRequest, asked: Asked) -> Any:
    rows = Balance.objects.filter(at_warehouses(key_of(request)))
    return page(rows.select_related("sku", "warehouse"), asked, BALANCES, _told)


@router.post("/receive", response=Moved, summary="Take goods in")
@needs("stock.receive")
def receive(request: HttpRequest, came: ReceiveIn) -> Any:
    moved = actions.receive(
        _goods(came.goods),
        warehouse_of(request, came.warehouse),
        by=key_of(request),
        document=came.document,
        why=came.why,
    )
    return {"movements": moved}


@router.post("/adjust", response=Moved, summary="Correct stock")
@needs("stock.adjust")
def adjust(request: HttpRequest, found: AdjustIn) -> Any:
    warehouse = warehouse_of(request, found.warehouse)
    moved = actions.adjust(_goods(found.goods), warehouse, by=key_of(request), why=found.why)
    return {"movements": moved}


@router.post("/count", response=list[CountOut], summary="Take over a stocktake as of a moment")
@needs("stock.adjust")
def count(request: HttpRequest, counted: CountIn) -> Any:
    """The count less what lay there at that moment is the correction; what moved since stays."""
    warehouse = warehouse_of(request, counted.warehouse)
    goods = _goods(counted.goods)
    counts = [Counted(each.sku_id, each.quantity, counted.at) for each in goods]
    return take_stock(counts, warehouse, by=key_of(request), now=timezone.now(), why=counted.why)


def _goods(wanted: list[GoodsIn]) -> list[Goods]:
    codes = {one.sku for one in wanted}
    ids = dict(Sku.objects.filter(code__in=codes).values_list("code", "pk"))
    unknown = [
        Wrong(_("Nobody knows this SKU."), pointer=f"/goods/{number}/sku")
        for number, one in enumerate(wanted)
        if one.sku not in ids
    ]
    if unknown:
        raise Problem(422, _("Nobody knows some of the SKUs."), unknown)
    return [Goods(ids[one.sku], one.quantity) for one in wanted]


def _told(balance: Balance) -> dict[str, Any]:
    return {
        "sku": balance.sku.code,
        "warehouse": balance.warehouse.code,
        "on_hand": balance.on_hand,
        "reserved": balance.reserved,
    }
