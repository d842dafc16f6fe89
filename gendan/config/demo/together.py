"""Buyers who ordered twice, or what is there in part: combined and split by hand."""

import random
import tempfile
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from django.db.models import F
from django.utils import timezone

from gendan.catalog.models import Sku
from gendan.channels.actions import import_files
from gendan.config.demo import files
from gendan.config.demo.buyers import Buyer, buyers
from gendan.config.demo.files import Bought
from gendan.journal.actors import Job
from gendan.orders.models import Order, OrderQuerySet
from gendan.orders.stages import Stage
from gendan.people.models import Person
from gendan.screening.actions import clear, release, screen
from gendan.screening.models import Hold
from gendan.stock.actions import reserve
from gendan.stock.models import Balance
from gendan.warehouse.actions.combine import combine_orders
from gendan.warehouse.actions.plan import plan
from gendan.warehouse.actions.release import release as make_waves
from gendan.warehouse.actions.split import split, split_by
from gendan.warehouse.actions.split_by_stock import split_by_stock
from gendan.warehouse.actions.suggest import suggest
from gendan.warehouse.models import Shipment
from gendan.warehouse.queries.splitting import Way

BY = Job("demo")
PLENTY = 12


def tell(reviewer: Person, packer: Person) -> None:
    """Let five buyers order twice, so that every way of going together or apart can be seen."""
    rnd = random.Random(55)  # noqa: S311  (a demo that is the same every time)
    goods = _plenty()
    *pals, hasty, patient = buyers(7, rnd)
    first, second = _arrive(pals, goods)
    for early in first[:4]:
        _allocate(early, reviewer)
        make_waves(plan(_one(early), by=BY), by=packer)
    for late in second[:3]:
        _allocate(late, reviewer)
        plan(_one(late), by=BY)
    now = timezone.now()
    both = Order.objects.numbered([first[1], second[1]])
    combine_orders(both, by=packer, now=now, why="买家留言：两单一起发")
    _halve(second[2], packer)
    _allocate(first[4], reviewer)
    split_by(Way.GOODS, plan(_one(first[4]), by=BY), by=packer, now=now, why="易碎品单独包")
    suggest(by=BY, now=now)
    _part_there((hasty, patient), goods, reviewer, packer)


def _plenty() -> list[Sku]:
    free = Balance.objects.filter(on_hand__gt=F("reserved") + PLENTY).order_by("sku")
    return [balance.sku for balance in free.select_related("sku")[:6]]


def _arrive(pals: Sequence[Buyer], goods: Sequence[Sku]) -> tuple[list[int], list[int]]:
    """Take in two orders of each buyer; return the first ones and the second ones."""
    at = timezone.now() - timedelta(hours=5)
    orders = [
        Bought(f"3014{turn}{n}260055", pal, at + timedelta(hours=turn), _basket(goods, n), "PAID")
        for turn in (0, 1)
        for n, pal in enumerate(pals)
    ]
    ids = _take_in(orders)
    return ids[: len(pals)], ids[len(pals) :]


def _take_in(orders: Sequence[Bought]) -> list[int]:
    """Import orders from a file and screen them; return their ids."""
    with tempfile.TemporaryDirectory() as folder:
        import_files("TB", files.taobao(orders, Path(folder)), by=BY)
    named = Order.objects.filter(platform_order__in=[order.number for order in orders])
    by_number = dict(named.values_list("platform_order", "pk"))
    ids = [by_number[order.number] for order in orders]
    screen(Order.objects.numbered(ids), by=BY, now=timezone.now())
    return ids


def _basket(goods: Sequence[Sku], turn: int) -> list[tuple[Sku, int]]:
    return [(goods[turn % len(goods)], 2), (goods[(turn + 1) % len(goods)], 1)]


def _one(order: int) -> OrderQuerySet:
    return Order.objects.numbered([order])


def _allocate(order: int, reviewer: Person) -> None:
    """Look at what holds it, let it go on, and promise it its goods."""
    now = timezone.now()
    holds = Hold.objects.filter(order=order, cleared_at=None)
    clear(holds, by=reviewer, now=now, why="同一买家，可合并")
    if (held := _one(order).filter(stage=Stage.HELD)).exists():
        release(held, by=reviewer, now=now, why="核对无误")
    reserve(_one(order), by=BY, now=now)


def _part_there(
    pals: Sequence[Buyer], goods: Sequence[Sku], reviewer: Person, packer: Person
) -> None:
    """Let two buyers want something that ran out as well; send the first what is there."""
    gone = Balance.objects.filter(on_hand__lte=F("reserved")).order_by("sku").first()
    if gone is None:
        return
    now, basket = timezone.now(), [(goods[-1], 2), (gone.sku, 1)]
    orders = [Bought(f"30142{n}260055", pal, now, basket, "PAID") for n, pal in enumerate(pals)]
    ids = _take_in(orders)
    for order in ids:
        _allocate(order, reviewer)
    split_by_stock(_one(ids[0]), by=packer, now=now, why="买家急用，有货的先发")


def _halve(order: int, packer: Person) -> None:
    """Send one piece of each line apart, although the platform can be told of one parcel only."""
    parcel = Shipment.objects.filter(lines__order=order).distinct().get()
    held = dict(parcel.lines.values_list("line", "quantity"))
    apart = {line: 1 for line, number in held.items() if number > 1}
    kept = {line: number - apart.get(line, 0) for line, number in held.items()}
    split({parcel.pk: [kept, apart]}, by=packer, now=timezone.now(), why="一件今天到货，先发一件")
