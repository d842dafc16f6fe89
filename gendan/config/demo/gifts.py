"""Gifts, a set and held orders at the demo's merchant, each with what a newcomer would look for."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import F, Sum
from django.utils import timezone

from gendan.catalog.actions import save_goods, save_sets
from gendan.catalog.models import Sku
from gendan.config.demo.buyers import Buyer
from gendan.customers.addresses import split
from gendan.journal.actors import Job
from gendan.orders.actions import NewPayment, confirm, place, read_again
from gendan.orders.actions.correct import Receiver, correct
from gendan.orders.actions.save_gift_rule import NewTier, save_gift_rule
from gendan.orders.models import (
    GiftRule,
    Measure,
    Method,
    Order,
    OrderQuerySet,
    Reach,
    Scope,
)
from gendan.orders.money import NewLine
from gendan.orders.newcomers import NewOrder
from gendan.orders.stages import Stage
from gendan.people.models import Person, Shop
from gendan.screening.actions import (
    force,
    hold,
    release,
    save_rule,
    screen,
    stop_changed,
    sweep,
)
from gendan.screening.models import Hold, Review, Rule, Severity
from gendan.screening.onward import waiting
from gendan.stock.actions import reserve
from gendan.warehouse.actions.plan import plan

BY = Job("demo")
SWEPT_DAYS = 6
TOGETHER_FEN = 100_000


def tell(people: dict[str, Person], crowd: Sequence[Buyer]) -> None:
    """Make a set and gift rules, take orders for them, and hold some in every way there is."""
    now = timezone.now()
    box = _set(people["fang"])
    _rules(people["zhao"], now)
    _finance(people["zhao"])
    orders = _orders(crowd[-8:], box, people["wang"], now)
    _share(crowd[-9], people, now)
    _review(orders, people, now)
    _come_back(people, now)
    _force(people["zhao"], now)
    for days in range(SWEPT_DAYS, -1, -1):
        sweep(by=BY, now=now - timedelta(days=days))


def _set(buyer: Person) -> Sku:
    """A gift box of tea and a cup; the box itself lies nowhere."""
    parts = _plenty()[:2]
    style, title = "BOX-CN", "中秋茶礼盒"
    price = sum(part.price_fen for part in parts) * 9 // 10 + parts[0].price_fen
    row = {"style": style, "code": style, "specification": "一盒三件", "price_fen": price}
    _product, saved = save_goods(
        [{"style": style, "title": title, "category": "礼盒"}], [row], by=buyer, why="节日礼盒"
    )
    box: Sku = saved.all[0]
    save_sets({box.pk: {parts[0].pk: 2, parts[1].pk: 1}}, by=buyer, why="节日礼盒")
    return box


def _plenty() -> list[Sku]:
    """The goods of which most lies free."""
    free = Sum(F("balances__on_hand") - F("balances__reserved"))
    return list(Sku.objects.annotate(free=free).filter(free__gt=0).order_by("-free", "pk")[:12])


def _rules(supervisor: Person, now: datetime) -> None:
    cheap = sorted(_plenty(), key=lambda sku: (sku.price_fen, sku.pk))
    begin, end = now - timedelta(days=3), now + timedelta(days=27)
    said = {"counts": [], "from_at": begin, "until_at": end, "is_on": True}
    tiers = [NewTier(30000, cheap[0].pk), NewTier(80000, cheap[0].pk, 2)]
    steps = GiftRule(
        name="满300送试饮，满800送两份",
        name_en="A taster from ¥300 on, two from ¥800",
        measure=Measure.AMOUNT,
        limit=120,
        position=10,
        **said,
    )
    save_gift_rule(steps, tiers, by=supervisor, why="十二月活动")
    pieces = GiftRule(
        name="门店三件送一",
        name_en="One on top of three in the store",
        expression="source = COUNTER",
        measure=Measure.PIECES,
        position=20,
        is_exclusive=True,
        **{**said, "is_on": False},
    )
    save_gift_rule(pieces, [NewTier(3, cheap[1].pk)], by=supervisor, why="先备好，店庆再开")
    every = GiftRule(
        name="门店每满200送一，最多五份",
        name_en="One for every ¥200 in the store, five at most",
        expression="source = COUNTER",
        measure=Measure.AMOUNT,
        reach=Reach.EVERY,
        most_times=5,
        position=30,
        **said,
    )
    save_gift_rule(every, [NewTier(20000, cheap[1].pk)], by=supervisor, why="门店回馈")
    parcel = GiftRule(
        name="合单满1000送试饮",
        name_en="A taster for what goes together from ¥1,000 on",
        measure=Measure.AMOUNT,
        scope=Scope.PARCEL,
        limit=60,
        position=40,
        **said,
    )
    save_gift_rule(
        parcel, [NewTier(TOGETHER_FEN, cheap[2].pk)], by=supervisor, why="省一份运费，回赠客户"
    )


def _finance(supervisor: Person) -> None:
    rule = Rule.objects.get(code="FINANCE")
    rule.expression, rule.is_on = "total > 1200", True
    save_rule(rule, by=supervisor, why="大额先核款")


def _orders(buyers: Sequence[Buyer], box: Sku, clerk: Person, now: datetime) -> OrderQuerySet:
    """Take paid orders by phone: every second one for several boxes."""
    shop = Shop.objects.get(code="PHONE")
    news = [
        NewOrder(
            shop_id=shop.pk,
            lines=[NewLine(box.pk, 1 + 4 * (number % 2))],
            receiver_name=buyer.name,
            receiver_phone=buyer.phone,
            address=split(buyer.line),
            buyer_remark="请附贺卡，不要放价格单" if number == 2 else "",
        )
        for number, buyer in enumerate(buyers)
    ]
    return _paid(news, clerk, now)


def _paid(news: Sequence[NewOrder], clerk: Person, now: datetime) -> OrderQuerySet:
    """Take the orders, read them back, and have them paid and confirmed."""
    orders = list(place(news, by=clerk, now=now).order_by("pk"))
    money = [NewPayment(order.pk, Method.WECHAT, order.total_fen) for order in orders]
    chosen = Order.objects.numbered(order.pk for order in orders)
    read_again(chosen, by=clerk, now=now, payments=money, heard=True)
    asked = chosen.filter(stage=Stage.UNCONFIRMED).values_list("pk", flat=True)
    confirm(Order.objects.numbered(list(asked)), by=clerk, now=now)
    return chosen


def _share(buyer: Buyer, people: dict[str, Person], now: datetime) -> None:
    """Let a buyer call twice: what goes together earns a gift that neither order earns alone."""
    news = [
        NewOrder(
            shop_id=Shop.objects.get(code="PHONE").pk,
            lines=[NewLine(sku.pk, -(-TOGETHER_FEN // 2 // sku.price_fen))],
            receiver_name=buyer.name,
            receiver_phone=buyer.phone,
            address=split(buyer.line),
        )
        for sku in _plenty()[2:4]
    ]
    chosen = _paid(news, people["wang"], now)
    screen(chosen.filter(stage=Stage.SCREENING), by=BY, now=now)
    held = list(chosen.filter(stage=Stage.HELD).values_list("pk", flat=True))
    force(Order.objects.numbered(held), by=people["zhao"], now=now, why="客户来电：两单一起发")
    there = reserve(chosen.filter(stage=Stage.READY), by=BY, now=now)
    plan(there, by=BY)


def _review(orders: OrderQuerySet, people: dict[str, Person], now: datetime) -> None:
    """Screen them, two of them days ago; service passes some, and finance one of those."""
    ids = list(orders.filter(stage=Stage.SCREENING).order_by("pk").values_list("pk", flat=True))
    screen(Order.objects.numbered(ids[:2]), by=BY, now=now - timedelta(days=2, hours=5))
    screen(Order.objects.numbered(ids[2:]), by=BY, now=now)
    free = Order.objects.numbered(ids).filter(stage=Stage.READY)
    reserve(Order.objects.numbered(list(free.values_list("pk", flat=True))), by=BY, now=now)
    turn = waiting([pk for pk in ids if not _blocked(pk)])
    service = [pk for pk, review in turn.items() if review == Review.SERVICE]
    release(Order.objects.numbered(service[:3]), by=people["li"], now=now, why="已核对")
    finance = [pk for pk, review in waiting(ids).items() if review == Review.FINANCE]
    release(Order.objects.numbered(finance[:1]), by=people["qian"], now=now, why="款项已到账")
    by_hand = (
        Order.objects.filter(stage=Stage.SHORT).order_by("pk").values_list("pk", flat=True)[:1]
    )
    if by_hand:
        why = "客户说颜色可能要换，等回电"
        chosen = Order.objects.numbered(list(by_hand))
        hold(chosen, by=people["li"], now=now - timedelta(hours=30), why=why)


def _blocked(order: int) -> bool:
    return Hold.objects.filter(order_id=order, cleared_at=None, severity=Severity.BLOCK).exists()


def _come_back(people: dict[str, Person], now: datetime) -> None:
    """One order changes after its release: it is held again."""
    stop_changed(by=BY, now=now)
    changed = Order.objects.filter(stage__in=(Stage.READY, Stage.SHORT)).order_by("-pk").first()
    if changed:
        correct({changed.pk: Receiver(name="王女士（代收）")}, by=people["wang"], why="客户来电")
        stop_changed(by=BY, now=timezone.now())


def _force(supervisor: Person, now: datetime) -> None:
    """One order goes although a rule holds it."""
    doubles = Hold.objects.filter(cleared_at=None, rule__code="DUPLICATE")
    found = doubles.filter(order__stage=Stage.HELD).order_by("pk").first()
    if found:
        chosen = Order.objects.numbered([found.order_id])
        force(chosen, by=supervisor, now=now, why="客户来电：两单都要，一单送父母")
