"""Goods that ran out: what is to come, who was asked, who chose what, and what is presold."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Count
from django.utils import timezone

from gendan.catalog.actions.substitute import substitute
from gendan.catalog.models import Sku
from gendan.config.demo.buyers import Buyer
from gendan.customers.addresses import split
from gendan.desk.models import Channel
from gendan.journal.actors import Job
from gendan.orders.actions import NewPayment, place, read_again
from gendan.orders.models import Method, Order
from gendan.orders.money import NewLine
from gendan.orders.newcomers import NewOrder
from gendan.people.models import Person, Shop, ShopKind, Warehouse
from gendan.screening.actions import screen
from gendan.stock.actions import (
    Chosen,
    Coming,
    NewPresale,
    ask,
    choose,
    claim_presales,
    expect,
    prefer,
    presell,
)
from gendan.stock.models import CaseState, Choice, ComesFrom, ShortageCase
from gendan.stock.queries.offers import offers
from gendan.warehouse.actions.pick import miss
from gendan.warehouse.models import Shipment, ShipmentLine
from gendan.warehouse.stages import Stage as Parcel

BY = Job("demo")
SIZES = ("01", "02", "03")
TEAS = ("LJ", "BLC", "AJBC")
WORDS = {
    Choice.WAIT: "可以等，到货了发我就行",
    Choice.SWAP: "那就换这个吧",
    Choice.PART: "有的先发，剩下的补上",
    Choice.PART_REFUND: "缺的退给我",
    Choice.CANCEL: "等不了，退款吧",
}


def tell(crowd: Sequence[Buyer], people: dict[str, Person]) -> None:
    """Let goods be expected, customers be asked and choose, and one presale run."""
    now = timezone.now()
    _substitutes()
    _expected(now)
    _settle(people["wang"], now)
    _first(people["zhao"], now)
    _missed(people["chen"], now)
    _presale(crowd, people["wang"], now)


def _substitutes() -> None:
    """Green teas of one size may stand in for each other."""
    skus = Sku.objects.in_bulk(field_name="code")
    rows = [
        {
            "sku_id": skus[f"{tea}-{size}"].pk,
            "instead_id": skus[f"{other}-{size}"].pk,
            "rank": rank,
            "keeps_price": tea == TEAS[-1],
        }
        for size in SIZES
        for tea in TEAS
        for rank, other in enumerate((each for each in TEAS if each != tea), 1)
    ]
    substitute(rows, by=BY, why="口味相近")


def _expected(now: datetime) -> None:
    """Of what is short some comes soon, some late, some too little, and some not at all."""
    today, house = timezone.localdate(now), Warehouse.objects.order_by("rank")[0]
    short = Sku.objects.filter(pk__in=ShortageCase.objects.values("lines__sku"))
    wanted = list(short.order_by("code"))
    plans = ((3, 60, ComesFrom.PURCHASE), (8, 40, ComesFrom.PRODUCTION), (5, 1, ComesFrom.TRANSFER))
    news = [
        Coming(f"PO-2611-{n:02}", sku.pk, house.pk, pieces, today + timedelta(days=days), source)
        for n, (sku, (days, pieces, source)) in enumerate(zip(wanted, plans, strict=False), 1)
    ]
    late = Sku.objects.exclude(pk__in=short).order_by("-code")[0]
    news.append(Coming("PO-2610-07", late.pk, house.pk, 30, today - timedelta(days=2)))
    expect(news, by=BY, why="按采购单登记")


def _settle(clerk: Person, now: datetime) -> None:
    """Ask half of the customers; some of them choose at once, each something else."""
    waiting = list(
        ShortageCase.objects.filter(state=CaseState.OPEN)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    chosen: set[Choice] = set()
    for pk in waiting[: len(waiting) // 2]:
        case = ShortageCase.objects.numbered([pk])
        found = offers(case, now=now)[pk]
        fresh = next((offer for offer in found if offer.choice not in chosen), None)
        if not found:
            continue
        ask(case, Channel.PHONE if fresh else Channel.CHAT, by=clerk, now=now)
        if fresh:
            chosen.add(fresh.choice)
            answer = {pk: Chosen(fresh.code, fresh.on)}
            choose(answer, by=clerk, now=now, why=WORDS[fresh.choice])


def _first(supervisor: Person, now: datetime) -> None:
    """Let the last in the longest queue go first."""
    queue = (
        Sku.objects.filter(pk__in=ShortageCase.objects.live().values("lines__sku"))
        .annotate(n=Count("pk"))
        .order_by("-n", "code")
    )
    for sku in queue:
        orders = Order.objects.filter(shortages__sku=sku).order_by("-paid_at", "-pk")
        if len(orders) > 1:
            last = Order.objects.numbered([orders[0].pk])
            prefer(last, sku, by=supervisor, now=now, why="老客户，后天是她母亲生日")
            return


def _missed(packer: Person, now: datetime) -> None:
    """A picker does not find what should lie there."""
    lines = ShipmentLine.objects.filter(
        shipment__in=Shipment.objects.filter(stage=Parcel.RELEASED, warehouse__code="HZ")
    )
    one = lines.order_by("pk").first()
    if one:
        miss(lines.filter(pk=one.pk), by=packer, now=now, why="货位是空的")


def _presale(crowd: Sequence[Buyer], clerk: Person, now: datetime) -> None:
    """Sell next year's tea cake before it is pressed; one buyer wants other tea at once."""
    sku = Sku.objects.get(code="PESB-01")
    ready = NewLine(Sku.objects.get(code="DHP-03").pk, 1)
    begins, ends = now - timedelta(hours=1), now + timedelta(days=6)
    ships_on = timezone.localdate(now) + timedelta(days=15)
    presell(NewPresale(sku.pk, begins, ends, 40, ships_on), by=clerk, why="新年预售")
    shop = Shop.objects.filter(kind=ShopKind.PHONE).order_by("pk")[0]
    news = [
        NewOrder(
            shop_id=shop.pk,
            lines=[NewLine(sku.pk, pieces), *beside],
            receiver_name=buyer.name,
            receiver_phone=buyer.phone,
            address=split(buyer.line),
        )
        for buyer, pieces, beside in zip(crowd[-3:], (2, 1, 4), ([], [ready], []), strict=True)
    ]
    for order in place(news, by=clerk, now=now):
        paid = [NewPayment(order.pk, Method.WECHAT, order.total_fen)]
        one = Order.objects.numbered([order.pk])
        read_again(one, by=clerk, now=now, payments=paid, heard=True)
        screen(one, by=BY, now=now)
    claim_presales(by=BY, now=now)
