"""A flash sale: many processes place, amend, cancel and reserve orders over a few scarce goods.

Each process is a colleague with a connection of their own who does, at random and often to the
orders of others, what the house lets them do; the jobs of screening and stock run among them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from time import perf_counter
from typing import Any

from django.db import connection
from django.utils import timezone

from gendan.bench.report import Row
from gendan.config.advance import advance
from gendan.config.verify import verify
from gendan.customers.addresses import split
from gendan.orders import actions as orders
from gendan.orders.actions import NewPayment
from gendan.orders.actions.correct import Receiver, correct
from gendan.orders.models import Order, OrderQuerySet
from gendan.orders.newcomers import NewOrder
from gendan.orders.stages import Stage
from gendan.people.models import Person
from gendan.screening import actions as screening
from gendan.screening.models import Hold
from gendan.stock import actions as stock
from gendan.stock.turns import next_in_turn
from tests.prove.cast import BY, Cast, asked, furnish
from tests.prove.racing import Tally, deadlocks, together

SKUS = 50
HOT = 300  # the newest orders, which everybody handles at once
SEED = 20261111
FAULTS = ("oversold", "uneven", "half_served", "kept_waiting")

# Per SKU: what is on hand, what is promised, what living orders want.
GOODS = """
SELECT s.code, b.on_hand, b.reserved,
  (SELECT coalesce(sum(r.quantity), 0) FROM stock_reservation r WHERE r.sku_id = s.id) AS promised,
  (SELECT coalesce(sum(l.quantity), 0) FROM orders_line l JOIN orders_order o ON o.id = l.order_id
   WHERE l.sku_id = s.id AND o.stage IN ('ALLOCATED', 'SHORT')) AS wanted
FROM catalog_sku s JOIN stock_balance b ON b.sku_id = s.id WHERE s.code LIKE 'FLASH-%' ORDER BY s.id
"""

# Orders that say they are served but lack a piece of their promise.
HALF_SERVED = """
SELECT count(*) FROM orders_order o JOIN orders_line l ON l.order_id = o.id
LEFT JOIN stock_reservation r ON r.line_id = l.id
WHERE o.stage = 'ALLOCATED' AND r.quantity IS DISTINCT FROM l.quantity
"""

# Short orders of which everything is on the shelf for somebody.
KEPT_WAITING = """
SELECT count(*) FROM orders_order o WHERE o.stage = 'SHORT' AND NOT EXISTS (
  SELECT FROM orders_line l JOIN stock_balance b ON b.sku_id = l.sku_id
  WHERE l.order_id = o.id AND b.on_hand - b.reserved < l.quantity)
"""


@dataclass
class Sale:
    """One colleague at work: draws what to do next, and counts what came of it."""

    cast: Cast
    me: Person
    draw: Random
    share: int
    placed: int = 0
    tally: Tally = field(default_factory=Tally)

    def work(self) -> Tally:
        """Place the share of orders, and handle everybody's between."""
        acts, weights = zip(*ACTS.items(), strict=True)
        while self.placed < self.share:
            act: Callable[[Sale], Any] = self.draw.choices(acts, weights)[0]
            self.tally.try_(act.__name__.strip("_"), lambda act=act: act(self))  # type: ignore[misc]
        return self.tally

    def some(self, *stages: Stage) -> OrderQuerySet:
        """Return a few of the newest orders in no particular order."""
        newest = Order.objects.filter(stage__in=stages) if stages else Order.objects.all()
        ids = list(newest.order_by("-pk").values_list("pk", flat=True)[:HOT])
        chosen = self.draw.sample(ids, min(len(ids), self.draw.randint(1, 6)))
        return Order.objects.numbered(chosen)

    def basket(self) -> NewOrder:
        """Return what somebody wants: mostly one piece, sometimes several of several goods."""
        kinds = self.draw.choice((1, 1, 1, 2, 3))
        lines = [(sku, 1 if kinds == 1 else 2) for sku in self.draw.sample(range(SKUS), kinds)]
        return asked(
            self.cast, lines, buyer=self.draw.randrange(900), house=self.draw.randrange(1, 400)
        )


def _place(sale: Sale) -> None:
    number = min(sale.share - sale.placed, sale.draw.randint(1, 8))
    placed = orders.place([sale.basket() for _n in range(number)], by=sale.me, now=timezone.now())
    sale.placed += number
    if sale.draw.random() < 0.8:
        _pay_for(sale, placed)


def _pay_for(sale: Sale, drafts: OrderQuerySet) -> None:
    money = [NewPayment(order.pk, "CASH", order.total_fen) for order in drafts]
    orders.read_again(drafts, by=sale.me, now=timezone.now(), payments=money)


def _read_again(sale: Sale) -> None:
    _pay_for(sale, sale.some(Stage.DRAFT))


def _rewrite(sale: Sale) -> None:
    drafts = sale.some(Stage.DRAFT)
    news = {pk: sale.basket() for pk in drafts.values_list("pk", flat=True)}
    orders.rewrite(news, by=sale.me, now=timezone.now(), why="想要别的")


def _move_house(sale: Sale) -> None:
    place = split(f"浙江省杭州市西湖区北山街道示例路{sale.draw.randrange(1, 400)}号")
    ids = sale.some().values_list("pk", flat=True)
    correct(dict.fromkeys(ids, Receiver(address=place)), by=sale.me, why="换地址")


def _change(sale: Sale) -> None:
    orders.change(sale.some(), by=sale.me, seller_remark="", warehouse_remark="轻放")


def _cancel(sale: Sale) -> None:
    orders.cancel(sale.some(), by=sale.me, now=timezone.now(), why="不想要了")


def _urge(sale: Sale) -> None:
    orders.urge(sale.some(), by=sale.me, urgent=sale.draw.random() < 0.5)


def _hold(sale: Sale) -> None:
    screening.hold(sale.some(Stage.READY, Stage.SHORT), by=sale.me, now=timezone.now(), why="核实")


def _clear(sale: Sale) -> None:
    holds = Hold.objects.filter(order__in=sale.some(Stage.HELD), cleared_at=None)
    screening.clear(holds, by=sale.me, now=timezone.now(), why="核实过")


def _reserve(sale: Sale) -> None:
    stock.reserve(sale.some(Stage.READY, Stage.SHORT), by=sale.me, now=timezone.now())


def _unreserve(sale: Sale) -> None:
    stock.unreserve(sale.some(Stage.ALLOCATED), by=sale.me, why="让给别人")


def _screen_job(_sale: Sale) -> None:
    now = timezone.now()
    screening.screen_next(by=BY, now=now, limit=60)
    screening.look_again(by=BY, now=now, limit=60)
    screening.recheck(by=BY, now=now, limit=60)
    screening.settle(by=BY, now=now)


def _stock_job(_sale: Sale) -> None:
    now = timezone.now()
    stock.give_back_cancelled(by=BY)
    stock.forget_shortages(by=BY, now=now)
    if queue := next_in_turn(60):
        stock.serve_certain(queue.certain, queue.warehouse_id, by=BY, now=now)
    stock.reserve_next(by=BY, now=now, limit=60)


def _order_job(_sale: Sale) -> None:
    orders.tend(by=BY, now=timezone.now())


# How often each act is drawn.
ACTS: dict[Callable[[Sale], None], int] = {
    _place: 30,
    _read_again: 6,
    _rewrite: 6,
    _move_house: 5,
    _change: 5,
    _cancel: 8,
    _urge: 4,
    _hold: 4,
    _clear: 4,
    _reserve: 6,
    _unreserve: 5,
    _screen_job: 8,
    _stock_job: 8,
    _order_job: 2,
}


def sell(*, processes: int, wanted: int, pieces: int, seed: int = SEED) -> dict[str, Any]:
    """Let so many processes sell `wanted` orders of goods of which `pieces` each are there."""
    cast = furnish(people=processes, pieces=[pieces] * SKUS)
    before, begun = deadlocks(), perf_counter()

    def work(worker: int) -> Tally:
        share = wanted // processes + (worker < wanted % processes)
        return Sale(cast, cast.people[worker], Random(seed + worker), share).work()

    total = Tally()
    for tally in together(work, processes):
        total.add(tally)
    seconds = perf_counter() - begun
    let_the_dust_settle(cast)
    return {
        "processes": processes,
        "orders": Order.objects.filter(shop=cast.shop).count(),
        "seconds": seconds,
        "acts": sum(total.done.values()),
        "done": dict(total.done),
        "refused": dict(total.refused),
        "broke": dict(total.broke),
        "deadlocks": deadlocks() - before,
        "findings": [str(finding) for finding in verify()],
        "stages": _by_stage(),
        **_goods(),
    }


def let_the_dust_settle(cast: Cast) -> None:
    """Release what is held, and serve whoever can still be served."""
    held = Hold.objects.filter(order__stage=Stage.HELD, cleared_at=None)
    if held.exists():
        screening.clear(held, by=cast.people[0], now=timezone.now(), why="尾单")
    while counts := advance("ALLOCATED", by=BY):
        if not counts.keys() - {"short"}:
            break


def _by_stage() -> dict[str, int]:
    found: dict[str, int] = {}
    for stage in Order.objects.values_list("stage", flat=True):
        found[stage] = found.get(stage, 0) + 1
    return found


def _goods() -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(GOODS)
        rows: Sequence[tuple[str, int, int, int, int]] = cursor.fetchall()
        cursor.execute(HALF_SERVED)
        half_served = cursor.fetchone()[0]
        cursor.execute(KEPT_WAITING)
        kept_waiting = cursor.fetchone()[0]
    return {
        "on_hand": sum(row[1] for row in rows),
        "promised": sum(row[3] for row in rows),
        "oversold": [row[0] for row in rows if row[2] > row[1] or row[2] != row[3]],
        "uneven": [row for row in rows if row[3] != min(row[1], row[4])],
        "half_served": half_served,
        "kept_waiting": kept_waiting,
    }


def prove() -> list[Row]:
    """Sell 10,000 orders from 64 processes."""
    facts = sell(processes=64, wanted=10_000, pieces=60)
    return rows(facts)


def rows(facts: dict[str, Any]) -> list[Row]:
    """Return what the table says."""
    title = f"Flash sale: {facts['processes']} processes, {facts['orders']:,} orders, {SKUS} SKUs"
    refused = sum(facts["refused"].values())
    return [
        Row(
            f"{title}: acts by all of them",
            f"{facts['acts']:,} done, {refused:,} refused with a sentence, "
            f"{sum(facts['broke'].values())} broke, {facts['deadlocks']} deadlocks",
            aim="none breaks, no deadlock",
            met=not facts["broke"] and not facts["deadlocks"],
        ),
        Row(
            "Flash sale: what was promised is what was there",
            f"{facts['promised']:,} of {facts['on_hand']:,} pieces promised, "
            f"{len(facts['oversold'])} SKUs oversold, {len(facts['uneven'])} unlike the lesser of "
            f"stock and demand; {facts['half_served']} orders served by halves, "
            f"{facts['kept_waiting']} wait for what is there",
            aim="equal; none",
            met=not any(facts[fault] for fault in FAULTS),
        ),
        Row(
            "Flash sale: gendan verify",
            f"{len(facts['findings'])} findings",
            aim="0",
            met=not facts["findings"],
        ),
    ]
