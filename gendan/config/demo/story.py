"""What has happened at the demo's merchant so far: orders at every stage, by the real actions."""

import random
import tempfile
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone

from gendan.catalog.models import Sku
from gendan.channels.actions import import_files
from gendan.config.advance import advance
from gendan.config.demo import confirming, files
from gendan.config.demo.amendments import tell as change_minds
from gendan.config.demo.buyers import Buyer, buyers
from gendan.config.demo.chasing import tell as chase_payment
from gendan.config.demo.gifts import tell as gifts_and_holds
from gendan.config.demo.mistakes import tell as count_mistakes
from gendan.config.demo.promises import tell as promises
from gendan.config.demo.shops import tell as publish_and_reconcile
from gendan.config.demo.shortages import tell as run_short
from gendan.config.demo.sourcing import tell as sourcing
from gendan.config.demo.surge import go_on as keep_busy
from gendan.config.demo.surge import tell as big_day
from gendan.config.demo.together import tell as go_together
from gendan.customers.addresses import split
from gendan.delivery.actions.complete import receive as take_word
from gendan.delivery.actions.hand_over import hand_over
from gendan.delivery.actions.record_traces import record_traces
from gendan.delivery.actions.save_ranges import save_ranges
from gendan.delivery.actions.waybills import draw_waybills
from gendan.delivery.actions.write_back import confirm as confirm_write_back
from gendan.delivery.actions.write_back import put_in_file
from gendan.delivery.models import NumberRange, TraceState, WriteBack
from gendan.delivery.reports import Point, Report
from gendan.journal.actors import Channel, Job
from gendan.orders.actions import NewPayment, cancel, confirm, place, read_again, urge
from gendan.orders.models import InstructionCode, Method, Order
from gendan.orders.money import NewLine
from gendan.orders.newcomers import NewInstruction, NewOrder
from gendan.orders.stages import Stage
from gendan.people.models import Person, Shop, ShopKind, Warehouse
from gendan.portal.queries import customer_of
from gendan.screening.actions import clear, release
from gendan.screening.models import Hold
from gendan.ui.errors import Refused
from gendan.warehouse.actions.choose_carrier import choose_carrier
from gendan.warehouse.actions.pack import pack
from gendan.warehouse.actions.pick import pick
from gendan.warehouse.actions.release import release as make_waves
from gendan.warehouse.actions.verify import verify_whole
from gendan.warehouse.models import Carrier, Shipment, ShipmentQuerySet
from gendan.warehouse.stages import Stage as Parcel

BY = Job("demo")
PREFIXES = {"yuantong": ("YT", 13), "shunfeng": ("SF", 13), "yunda": ("4", 12), "jd": ("JD", 12)}
LEFT_HOURS_AGO = (70, 46, 23, 1.5)
HOURS_A_LEG = 9
WORDS = (
    NewInstruction(InstructionCode.NO_PRICE),
    NewInstruction(InstructionCode.GIFT_WRAP),
    NewInstruction(InstructionCode.CARD, "生日快乐，岁岁平安"),
    NewInstruction(InstructionCode.CALL_FIRST),
)


def tell(skus: Sequence[Sku], rnd: random.Random) -> Iterator[str]:
    """Let everything happen; yield what was done, step by step."""
    people = {person.username: person for person in Person.objects.all()}
    crowd = buyers(520, rnd)
    _number_ranges()
    sourcing()
    yield "web shops"
    _web_orders(crowd, skus, rnd)
    yield "counter and phone"
    _own_orders(crowd, skus, people["wang"], rnd)
    advance(None, by=BY)
    yield "screening"
    _review(people["li"], rnd)
    advance(None, by=BY)
    big_day()
    yield "packing"
    _work_through(people, rnd)
    yield "on the way"
    _travel(rnd)
    _write_back(people["chen"])
    yield "asked and confirmed"
    confirming.tell(people, rnd)
    yield "short goods"
    run_short(crowd, people)
    yield "today's orders"
    _more_orders(crowd, skus, rnd)
    go_together(people["li"], people["chen"])
    yield "shops and carriers"
    publish_and_reconcile(people["lin"], people["chen"])
    yield "gifts and held orders"
    gifts_and_holds(people, crowd)
    yield "changes"
    change_minds(people)
    yield "promises"
    promises(people["wang"], people["zhao"])
    keep_busy(people)
    yield "payment and mistakes"
    chase_payment(people["wang"], people["zhao"])
    count_mistakes(people["li"])


def _number_ranges() -> None:
    ranges = []
    for carrier in Carrier.objects.all():
        prefix, digits = PREFIXES.get(carrier.code, ("75", 12))
        begin = 10 ** (digits - 1) + carrier.pk * 10**6
        ranges.append(
            NumberRange(
                carrier=carrier, prefix=prefix, digits=digits, next=begin, last=begin + 99_999
            )
        )
    save_ranges(ranges, by=BY)


def _web_orders(crowd: Sequence[Buyer], skus: Sequence[Sku], rnd: random.Random) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for code, prefix, number, write in (
            ("TB", "3011", 230, files.taobao),
            ("PDD", "261121-", 130, files.pinduoduo),
            ("DY", "6931", 110, files.douyin),
        ):
            orders = files.bought(prefix, number, crowd, skus, rnd)
            import_files(code, write(orders, Path(folder)), by=BY)


def _more_orders(crowd: Sequence[Buyer], skus: Sequence[Sku], rnd: random.Random) -> None:
    """Take in a file of this morning that nobody has looked at yet."""
    with tempfile.TemporaryDirectory() as folder:
        orders = files.bought("3012", 34, crowd, skus, rnd)
        for order in orders:
            order.at = timezone.now() - timedelta(minutes=rnd.uniform(5, 300))
        import_files("TB", files.taobao(orders, Path(folder)), by=BY)


def _own_orders(
    crowd: Sequence[Buyer], skus: Sequence[Sku], clerk: Person, rnd: random.Random
) -> None:
    """Take orders at the counter, by phone and from distributors; not everybody has paid."""
    shops = list(Shop.objects.exclude(kind=ShopKind.WEB).order_by("pk"))
    now = timezone.now()
    news = [_wish(rnd.choice(crowd), rnd.choice(shops), skus, rnd) for _number in range(90)]
    orders = list(place(news, by=clerk, now=now).order_by("pk"))
    for order, new in zip(orders[:80], news, strict=False):
        paid = not order.is_cod and rnd.random() < 0.85
        money = [NewPayment(order.pk, _method(order, rnd), order.total_fen)] if paid else []
        heard = new.shop_id == shops[0].pk or rnd.random() < 0.3
        chosen = Order.objects.numbered([order.pk])
        read_again(chosen, by=clerk, now=now, payments=money, heard=heard)
    waiting = list(Order.objects.filter(stage=Stage.UNCONFIRMED).values_list("pk", flat=True))
    confirm(Order.objects.numbered(waiting[: len(waiting) * 2 // 3]), by=clerk, now=now)
    cancel(Order.objects.numbered([orders[-1].pk]), by=clerk, now=now, why="客户改主意了")
    urge(Order.objects.filter(stage=Stage.SCREENING)[:4], by=clerk, why="客户明天出差")


def _wish(buyer: Buyer, shop: Shop, skus: Sequence[Sku], rnd: random.Random) -> NewOrder:
    lines = [NewLine(sku.pk, rnd.randint(1, 3)) for sku in rnd.sample(skus, rnd.choice((1, 1, 2)))]
    return NewOrder(
        shop_id=shop.pk,
        lines=lines,
        receiver_name=buyer.name,
        receiver_phone=buyer.phone,
        address=split(buyer.line),
        instructions=[rnd.choice(WORDS)] if rnd.random() < 0.3 else [],
        is_cod=shop.kind == ShopKind.PHONE and rnd.random() < 0.25,
        buyer_remark="包装结实一点" if rnd.random() < 0.1 else "",
    )


def _method(order: Order, rnd: random.Random) -> Method:
    return rnd.choice((Method.CASH, Method.WECHAT, Method.ALIPAY, Method.TRANSFER))


def _review(reviewer: Person, rnd: random.Random) -> None:
    """Let the reviewer look at two thirds of what is held; what blocks stays."""
    now = timezone.now()
    for order in Order.objects.filter(stage=Stage.HELD).order_by("pk"):
        if rnd.random() < 0.66:
            holds = Hold.objects.filter(order=order, cleared_at=None)
            try:
                clear(holds, by=reviewer, now=now, why="已看备注，按买家要求处理")
                if order.stage == Stage.HELD:
                    _release(order, reviewer, now)
            except Refused:
                continue


def _release(order: Order, reviewer: Person, now: datetime) -> None:
    still = Order.objects.filter(pk=order.pk, stage=Stage.HELD)
    if still.exists():
        release(still, by=reviewer, now=now, why="核对无误")


def _work_through(people: dict[str, Person], rnd: random.Random) -> None:
    """Bring shipments through wave, picking, packing and hand-over, some of them each step less."""
    now = timezone.now()
    for username, code in (("chen", "HZ"), ("he", "FS")):
        worker, house = people[username], Warehouse.objects.get(code=code)
        planned = Shipment.objects.filter(warehouse=house, stage=Parcel.PLANNED)
        _choose_carriers(planned, worker, rnd)
        released = _share(planned, 0.86)
        draw_waybills(released, by=worker)
        make_waves(released, by=worker, limit=40)
        picked = _share(released, 0.9)
        pick(picked, by=worker)
        packed = _share(picked, 0.92)
        verify_whole(packed, by=worker)
        weights = {s.pk: max(1, s.expected_g + rnd.randint(-8, 8)) for s in packed}
        pack(packed, by=worker, weights=weights, weight_why="")
        _hand_over(_share(packed, 0.9), worker, now)


def _hand_over(packed: ShipmentQuerySet, worker: Person, now: datetime) -> None:
    """Let the carriers fetch parcels on four days; the last of them have only just left."""
    ids = list(packed.order_by("pk").values_list("pk", flat=True))
    for number, hours in enumerate(LEFT_HOURS_AGO):
        leaving = Shipment.objects.numbered(ids[number :: len(LEFT_HOURS_AGO)])
        if leaving.exists():
            hand_over(leaving, by=worker, now=now - timedelta(hours=hours))


def _choose_carriers(shipments: ShipmentQuerySet, worker: Person, rnd: random.Random) -> None:
    """Planning took the preferred carrier for all; a colleague gives some of them to others."""
    carriers = list(Carrier.objects.order_by("rank"))
    ids = list(shipments.order_by("pk").values_list("pk", flat=True))
    chosen = rnd.choices(carriers, (50, 22, 16, 8, 4), k=len(ids))
    for carrier in carriers[1:]:
        its = [pk for pk, one in zip(ids, chosen, strict=True) if one == carrier]
        choose_carrier(Shipment.objects.numbered(its), carrier, by=worker)


def _share(shipments: ShipmentQuerySet, part: float) -> ShipmentQuerySet:
    ids = list(shipments.order_by("pk").values_list("pk", flat=True))
    return Shipment.objects.numbered(ids[: int(len(ids) * part)])


def _travel(rnd: random.Random) -> None:
    """Let parcels travel; most arrive, and some customers say so."""
    shipped = list(Shipment.objects.filter(stage=Parcel.SHIPPED).select_related("warehouse"))
    by = Channel("kuaidi100")
    record_traces([_report(shipment, rnd) for shipment in shipped], by=by)
    arrived = Order.objects.filter(
        stage=Stage.ALLOCATED, shipment_lines__shipment__stage=Parcel.DELIVERED
    ).distinct()
    for order in arrived.order_by("pk"):
        if rnd.random() < 0.5:
            try:
                take_word(Order.objects.filter(pk=order.pk), by=customer_of(order))
            except Refused:
                continue  # a second parcel is still on its way


def _report(shipment: Shipment, rnd: random.Random) -> Report:
    ways = (
        (TraceState.ACCEPTED, "103", "【{here}】快件已揽收"),
        (TraceState.MOVING, "1002", "【{here}】快件已发往【{there}】"),
        (TraceState.MOVING, "1001", "【{there}】快件已到达派件城市"),
        (TraceState.OUT_FOR_DELIVERY, "5", "【{there}】派件员正在派件，请保持电话畅通"),
        (TraceState.SIGNED, "301", "【{there}】快件已由本人签收，感谢使用"),
    )
    begin = (shipment.shipped_at or timezone.now()) + timedelta(minutes=rnd.uniform(5, 55))
    hours_gone = (timezone.now() - begin) / timedelta(hours=HOURS_A_LEG)
    far = max(1, min(len(ways), int(hours_gone) - (rnd.random() < 0.15)))
    here = "杭州余杭" if shipment.warehouse.code == "HZ" else "佛山南海"
    points = tuple(
        Point(
            at=begin + timedelta(hours=HOURS_A_LEG * step, minutes=rnd.randint(0, 50)),
            text=text.format(here=here, there=shipment.city + shipment.district),
            state=state,
            code=code,
            place=here if step < 2 else shipment.city,
        )
        for step, (state, code, text) in enumerate(ways[:far])
    )
    return Report(shipment.pk, "kuaidi100", points[-1].state, points)


def _write_back(worker: Person) -> None:
    now = timezone.now()
    waiting = WriteBack.objects.filter(shop__code="TB")
    ids = list(waiting.order_by("pk").values_list("pk", flat=True))
    told = put_in_file(
        WriteBack.objects.filter(pk__any=ids[: len(ids) * 3 // 4]),
        "TB-demo.csv",
        by=worker,
        now=now,
    )
    confirm_write_back(told, by=worker, now=now)
