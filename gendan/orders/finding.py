"""What can be asked about orders: in the search box, in review rules, in reports."""

from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from gendan.catalog.models import Sku
from gendan.orders.gate import unchecked
from gendan.orders.models import InstructionCode, Line, Method, Order, RefundState
from gendan.orders.quick import quick
from gendan.orders.stages import PlatformState, Source, Stage
from gendan.people.models import Platform, Shop, Warehouse
from gendan.ui.finding import Field, Finder

PATHS = {"=": "exact", "~": "icontains", "in": "in"}
FLAGS = [
    (0, _("no flag")),
    (1, _("red flag")),
    (2, _("yellow flag")),
    (3, _("green flag")),
    (4, _("blue flag")),
    (5, _("purple flag")),
]


def _of_lines(path: str, **fixed: Any) -> Any:
    """Answer a comparison with what any line of the order says."""

    def answer(operator: str, value: Any) -> Q:
        lines = Line.objects.filter(order=OuterRef("pk"), **fixed)
        if operator == "empty":
            return Q(Exists(lines.filter(Q(**{f"{path}__isnull": True}) | Q(**{path: ""}))))
        return Q(Exists(lines.filter(**{f"{path}__{PATHS[operator]}": value})))

    return answer


def _of_others(relation: str, path: str, **fixed: Any) -> Any:
    """Answer a comparison with what any related row says, by the relation's name."""

    def answer(operator: str, value: Any) -> Q:
        there = {**fixed, f"{relation}__isnull": False}  # in one filter: of one and the same row
        if operator == "empty":
            return ~Q(Exists(Order.objects.filter(pk=OuterRef("pk"), **there)))
        said = {f"{relation}__{path}__{PATHS[operator]}": value}
        return Q(Exists(Order.objects.filter(pk=OuterRef("pk"), **there, **said)))

    return answer


def _there(relation: str, **fixed: Any) -> Any:
    """Answer yes or no: whether there is any such row."""

    def answer(operator: str, value: bool) -> Q:
        there = {**fixed, f"{relation}__isnull": False}
        rows = Exists(Order.objects.filter(pk=OuterRef("pk"), **there))
        return Q(rows) if value else ~Q(rows)

    return answer


def _unmapped(operator: str, value: bool) -> Q:
    there = Exists(Line.objects.filter(order=OuterRef("pk"), sku=None, is_cancelled=False))
    return Q(there) if value else ~Q(there)


def _below_floor(operator: str, value: bool) -> Q:
    lines = Line.objects.filter(
        order=OuterRef("pk"),
        is_cancelled=False,
        is_gift=False,
        part_of=None,
        total_fen__lt=F("sku__floor_fen") * F("quantity"),
    )
    return Q(Exists(lines)) if value else ~Q(Exists(lines))


def _blacklisted(operator: str, value: bool) -> Q:
    return Q(customer__blacklisted_at__isnull=not value)


def _new_customer(operator: str, value: bool) -> Q:
    """Nothing else was ever sold to them, but for what was cancelled."""
    others = Order.objects.filter(customer=OuterRef("customer")).exclude(stage=Stage.CANCELLED)
    known = Exists(others.exclude(pk=OuterRef("pk")))
    return ~Q(known) if value else Q(known)


def _paid_before(operator: str, value: bool) -> Q:
    """They have paid for something else already, so that they know how."""
    others = Order.objects.filter(customer=OuterRef("customer"), paid_at__isnull=False)
    paid = Exists(others.exclude(pk=OuterRef("pk")))
    return Q(paid) if value else ~Q(paid)


def _unchecked(operator: str, value: bool) -> Q:
    return unchecked(order_finder) if value else ~unchecked(order_finder)


def _urgent(operator: str, value: bool) -> Q:
    return Q(priority__gt=0) if value else Q(priority__lte=0)


def _to_plan(operator: str, value: bool) -> Q:
    """Goods are reserved for it that no shipment of the warehouse holds yet."""
    inside = ("PLANNED", "RELEASED", "PICKED", "PACKED")
    held = Line.objects.filter(pk=OuterRef("pk"), shipment_lines__shipment__stage__in=inside)
    reserved = Line.objects.filter(reservations__isnull=False).exclude(Exists(held))
    waits = Q(stage=Stage.ALLOCATED, pk__in=reserved.values("order"))
    return waits if value else ~waits


def _shops() -> list[tuple[Any, str]]:
    return list(Shop.objects.order_by("code").values_list("pk", "name"))


def _warehouses() -> list[tuple[Any, str]]:
    return list(Warehouse.objects.order_by("rank").values_list("pk", "name"))


def _skus(beginning: str) -> list[tuple[str, str]]:
    found = Sku.objects.filter(
        Q(code__istartswith=beginning) | Q(pinyin__startswith=beginning.lower())
    )
    return [(sku.code, str(sku)) for sku in found.order_by("code")[:10]]


ORDER = (
    Field("number", _("order number"), aliases=("单号",)),
    Field("platform_order", _("platform order"), aliases=("平台单号",)),
    Field("shop", _("shop"), "choice", choices=_shops),
    Field("platform", _("platform"), "choice", lookup="shop__platform", choices=Platform.choices),
    Field("source", _("source"), "choice", choices=Source.choices),
    Field("stage", _("stage"), "choice", choices=Stage.choices, aliases=("状态",)),
    Field(
        "since", _("at this stage since"), "instant", lookup="stage_since", aliases=("进入时间",)
    ),
    Field("platform_state", _("platform state"), "choice", choices=PlatformState.choices),
    Field("platform_status", _("platform's word")),
    Field("buyer", _("buyer's account"), aliases=("买家",)),
    Field("taken_by", _("taken by"), lookup="taken_by__name", aliases=("开单人",)),
    Field("warehouse", _("warehouse"), "choice", choices=_warehouses),
    Field("carrier_wish", _("carrier wished")),
    Field("priority", _("priority"), "number"),
    Field("urgent", _("urgent"), "yesno", lookup=_urgent),
    Field("flag", _("flag"), "choice", choices=FLAGS),
    Field("unchecked", _("must be checked first"), "yesno", lookup=_unchecked),
)
MONEY = (
    Field("total", _("to pay"), "money", lookup="total_fen", aliases=("金额",)),
    Field("goods", _("goods value"), "money", lookup="goods_fen"),
    Field("discount", _("discount"), "money", lookup="discount_fen"),
    Field("postage", _("postage"), "money", lookup="postage_fen"),
    Field("paid", _("paid"), "money", lookup="paid_fen"),
    Field("unpaid", _("left to pay"), "money", expression=F("total_fen") - F("paid_fen")),
    Field("refunded", _("refunded"), "money", lookup="refunded_fen"),
    Field("difference", _("unexplained difference"), "money", lookup="adjust_fen"),
    Field("cod", _("cash on delivery"), "yesno", lookup="is_cod"),
    Field(
        "method",
        _("payment method"),
        "choice",
        lookup=_of_others("payments", "method"),
        choices=Method.choices,
    ),
    Field("below_floor", _("below the floor price"), "yesno", lookup=_below_floor),
)
TIMES = (
    Field("placed_at", _("placed at"), "instant", aliases=("下单时间",)),
    Field("paid_at", _("paid at"), "instant", aliases=("付款时间",)),
    Field("promise_at", _("promised for"), "instant"),
    Field("wish_on", _("delivery wish"), "date"),
    Field("entered_at", _("entered at"), "instant", lookup="made_at"),
    Field("released_at", _("released at"), "instant", aliases=("放行时间",)),
    Field("completed_at", _("completed at"), "instant"),
    Field("cancelled_at", _("cancelled at"), "instant"),
)
PLACE = (
    Field("phone", _("phone"), lookup="receiver_phone"),
    Field("receiver", _("receiver"), lookup="receiver_name", aliases=("收货人",)),
    Field("province", _("province")),
    Field("city", _("city")),
    Field("district", _("district")),
    Field("address", _("address")),
    Field("division", _("division code")),
)
REMARKS = (
    Field("buyer_remark", _("buyer's remark"), aliases=("买家留言",)),
    Field("seller_remark", _("seller's remark"), aliases=("卖家备注",)),
    Field("warehouse_remark", _("remark for the warehouse"), aliases=("仓库备注",)),
    Field(
        "instruction",
        _("special instruction"),
        "choice",
        lookup=_of_others("instructions", "code"),
        choices=InstructionCode.choices,
        aliases=("特殊要求",),
    ),
)
GOODS = (
    Field("sku", "SKU", lookup=_of_lines("sku__code"), suggest=_skus),
    Field("title", _("product title"), lookup=_of_lines("title"), aliases=("商品",)),
    Field("style", _("style number"), lookup=_of_lines("sku__product__style"), aliases=("款号",)),
    Field("category", _("category"), lookup=_of_lines("sku__product__category")),
    Field("specification", _("specification"), lookup=_of_lines("specification")),
    Field("shop_code", _("shop's code"), lookup=_of_lines("shop_code")),
    Field("unmapped", _("unmapped goods"), "yesno", lookup=_unmapped),
    Field(
        "refund",
        _("refund"),
        "choice",
        lookup=_of_lines("refund_state"),
        choices=RefundState.choices,
    ),
)
CUSTOMER = (
    Field("customer", _("customer"), lookup="customer__name"),
    Field("customer_tag", _("customer's tag"), "set", lookup="customer__tags"),
    Field("customer_class", _("customer's class"), lookup="customer__level"),
    Field("blacklisted", _("blacklisted"), "yesno", lookup=_blacklisted),
    Field("new_customer", _("new customer"), "yesno", lookup=_new_customer, aliases=("新客",)),
    Field("paid_before", _("has paid before"), "yesno", lookup=_paid_before, aliases=("老客",)),
)
LATER = (  # of rooms after this one, by the names of their relations
    Field(
        "hold",
        _("held by rule"),
        lookup=_of_others("holds", "rule__code", holds__cleared_at=None),
        aliases=("滞留原因",),
    ),
    Field("held", _("held"), "yesno", lookup=_there("holds", holds__cleared_at=None)),
    Field("short", _("short"), "yesno", lookup=_there("shortages")),
    Field(
        "risk",
        _("risk"),
        "choice",
        lookup=_of_others("forecast", "risk"),
        choices=[("LATE", _("Late")), ("AT_RISK", _("Will be late")), ("NONE", _("In time"))],
        aliases=("交期风险",),
    ),
    Field("forecast", _("will leave"), "instant", lookup="forecast__forecast_ship_at"),
    Field("at_risk", _("money at risk"), "money", lookup="forecast__fen_at_risk"),
    Field("to_plan", _("waits for a shipment"), "yesno", lookup=_to_plan),
    Field(
        "waybill",
        _("waybill"),
        lookup=_of_others("shipment_lines", "shipment__waybill"),
        aliases=("运单号", "快递单号"),
    ),
    Field("shipment", _("shipment"), lookup=_of_others("shipment_lines", "shipment__number")),
    Field("carrier", _("carrier"), lookup=_of_others("shipment_lines", "shipment__carrier__code")),
)

order_finder = Finder(
    Order, (*ORDER, *MONEY, *TIMES, *PLACE, *REMARKS, *GOODS, *CUSTOMER, *LATER), quick
)
