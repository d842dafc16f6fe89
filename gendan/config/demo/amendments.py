"""Orders at the demo's merchant that customers want otherwise: some done, some to be decided."""

from collections.abc import Iterator, Mapping
from contextlib import suppress

from django.db import transaction
from django.utils import timezone

from gendan.catalog.models import Sku
from gendan.delivery.actions.intercept import refuse
from gendan.delivery.models import Interception
from gendan.orders.actions.amend import NewAmendment, confirm, request
from gendan.orders.actions.change_back import change_back
from gendan.orders.amending.wanted import (
    Action,
    AnotherPlace,
    Contact,
    InvoiceTo,
    Remark,
    ReplaceSku,
    SetQuantity,
    Stop,
)
from gendan.orders.models import (
    Amendment,
    AmendmentState,
    AskedBy,
    Cause,
    Order,
    OrderQuerySet,
)
from gendan.orders.stages import Stage
from gendan.people.models import Person, ShopKind
from gendan.ui.errors import Refused
from gendan.warehouse.stages import Stage as Parcel

ELSEWHERE = "浙江省杭州市西湖区北山街道示例路8号3幢502室"


def tell(people: Mapping[str, Person]) -> None:
    """Let customers change their minds at every stage of the way."""
    clerk, boss = people["wang"], people["zhao"]
    for orders, wanted, words, cause in _done():
        _carry_out(orders, wanted, words, cause, by=boss)
    for orders, wanted, words, cause in _waiting():
        order = next((order for order in orders[:9] if wanted(order)), None)
        if order:
            news = [NewAmendment(order.pk, wanted(order), AskedBy.CUSTOMER, cause, words)]
            request(news, by=clerk, now=timezone.now())
    _not_stopped(clerk, boss)
    _think_better(clerk)


Scene = tuple[OrderQuerySet, "Wish", str, str]


class Wish:
    """What is wanted, made for the order that it is about."""

    def __init__(self, *actions: Action, other_colour: bool = False) -> None:
        self.actions, self.other_colour = actions, other_colour

    def __call__(self, order: Order) -> list[Action]:
        return [*self.actions, *(_another(order) if self.other_colour else ())]


def _done() -> Iterator[Scene]:
    yield _in_parcels(Parcel.PICKED), Wish(other_colour=True), "颜色拍错了，换一个", Cause.MIND
    yield _in_parcels(Parcel.PLANNED), Wish(AnotherPlace(text=ELSEWHERE)), "寄到公司", Cause.MIND
    yield _in_parcels(Parcel.SHIPPED), Wish(Stop()), "不在家，先别送了", Cause.MIND
    yield _ours(), Wish(SetQuantity(line=1, quantity=1)), "只要一件", Cause.MIND
    yield (
        _in_parcels(Parcel.PACKED),
        Wish(InvoiceTo(title="山茶记茶业有限公司")),
        "补开发票",
        Cause.THEIRS,
    )


def _waiting() -> Iterator[Scene]:
    yield _in_parcels(Parcel.RELEASED), Wish(other_colour=True), "想换个颜色", Cause.MIND
    held = Order.objects.filter(stage=Stage.HELD).order_by("-pk")
    yield held, Wish(Contact(phone="13900000066")), "电话写错一位", Cause.THEIRS
    ready = Order.objects.filter(stage=Stage.ALLOCATED).order_by("-pk")
    yield ready, Wish(Remark(of="warehouse", text="送礼，包装请完好")), "送人的", Cause.MIND


def _in_parcels(stage: Parcel) -> OrderQuerySet:
    found = Order.objects.filter(
        stage=Stage.ALLOCATED, amendments=None, shipment_lines__shipment__stage=stage
    )
    return found.exclude(lines__part_of__isnull=False).order_by("pk").distinct()


def _ours() -> OrderQuerySet:
    """Orders of our own that are paid, with several pieces on their first line."""
    return (
        Order.objects.filter(
            stage__in=(Stage.SCREENING, Stage.HELD, Stage.READY, Stage.ALLOCATED),
            amendments=None,
            platform_order="",
            paid_fen__gt=0,
            lines__position=1,
            lines__quantity__gt=1,
            lines__is_gift=False,
        )
        .exclude(shop__kind=ShopKind.WEB)
        .exclude(shipment_lines__isnull=False)
        .order_by("pk")
        .distinct()
    )


def _another(order: Order) -> list[Action]:
    """Return the wish for another specification of what stands on the first line."""
    line = order.lines.filter(is_cancelled=False, sku__isnull=False).first()
    if line is None or line.sku is None:
        return []
    others = Sku.objects.filter(product=line.sku.product, is_active=True).exclude(pk=line.sku.pk)
    other = others.order_by("code").first()
    return [ReplaceSku(line=line.position, sku=other.code)] if other else []


def _carry_out(orders: OrderQuerySet, wanted: Wish, words: str, cause: str, *, by: Person) -> None:
    """Change the first of the orders of which it is possible."""
    now = timezone.now()
    for order in orders[:5]:
        if actions := wanted(order):
            try:
                with transaction.atomic():
                    news = [NewAmendment(order.pk, actions, AskedBy.CUSTOMER, cause, words)]
                    confirm(request(news, by=by, now=now), by=by, now=now, why=words)
            except Refused:
                continue
            return


def _not_stopped(clerk: Person, boss: Person) -> None:
    """Let a carrier say no: whoever the customer told is asked what now."""
    known = set(Interception.objects.values_list("pk", flat=True))
    wish = Wish(AnotherPlace(text=ELSEWHERE))
    _carry_out(_in_parcels(Parcel.SHIPPED), wish, "改寄到单位", Cause.MIND, by=clerk)
    asked = Interception.objects.exclude(pk__in=known)
    if asked:
        refuse(asked, by=boss, now=timezone.now(), words="已在派送，无法改地址")


def _think_better(clerk: Person) -> None:
    """Let a customer want again what they had before."""
    done = Amendment.objects.filter(
        state=AmendmentState.CONFIRMED, words="颜色拍错了，换一个"
    ).order_by("pk")
    with suppress(Refused):
        change_back(Amendment.objects.filter(pk__in=done[:1]), by=clerk, now=timezone.now())
