"""One run of the spine inside the house: every stage by the actions that pages and jobs call."""

import resource
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from gendan.bench.house import say
from gendan.channels.actions import import_files
from gendan.config.demo.story import PREFIXES
from gendan.config.verify import verify
from gendan.delivery.actions.hand_over import hand_over
from gendan.delivery.actions.record_traces import record_traces
from gendan.delivery.actions.save_ranges import save_ranges
from gendan.delivery.actions.waybills import draw_waybills
from gendan.delivery.models import NumberRange, TraceState
from gendan.delivery.reports import Point, Report
from gendan.journal.actors import Job
from gendan.orders.models import Order
from gendan.orders.stages import Stage as OrderStage
from gendan.people.models import Person
from gendan.people.permissions import Role
from gendan.screening.actions import release as pass_review
from gendan.screening.hands import screen_all
from gendan.screening.models import Hold, Severity
from gendan.stock.hands import serve_all
from gendan.warehouse.actions.pack import pack
from gendan.warehouse.actions.pick import pick
from gendan.warehouse.actions.plan import plan_waiting
from gendan.warehouse.actions.print_papers import print_papers
from gendan.warehouse.actions.release import release
from gendan.warehouse.actions.verify import verify_whole
from gendan.warehouse.models import Carrier, Shipment, ShipmentQuerySet
from gendan.warehouse.queries.ready import ready_for_wave
from gendan.warehouse.stages import Stage

BY = Job("bench")
AT_ONCE = 2_000
"""So many shipments a person chooses at once: twenty waves."""

WAY = (TraceState.ACCEPTED, TraceState.MOVING, TraceState.OUT_FOR_DELIVERY, TraceState.SIGNED)
WORDS = ("已揽收", "运输中", "派送中", "已签收")
"""What a carrier says of each of them; theirs to write, not ours to translate."""


def main(shop: str, *files: str) -> dict[str, Any]:
    """Bring the orders of a shop's files to their customers' doors; return what each stage took."""
    _buy_numbers()
    stages: dict[str, dict[str, float]] = {}
    for name, stage in _stages(shop, files):
        began = time.perf_counter()
        moved = stage()
        seconds = time.perf_counter() - began
        stages[name] = {"moved": moved, "seconds": seconds}
        say(f"{name}: {moved:,} in {seconds:.2f} s")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "orders": Order.objects.count(),
        "stages": stages,
        "peak_mb": peak,
        "differences": len(verify()),
    }


def _stages(shop: str, files: tuple[str, ...]) -> Iterator[tuple[str, Callable[[], int]]]:
    yield "intake", lambda: _take_in(shop, files)
    yield "screening", _screen
    yield "review", _review
    yield "reservation", _reserve
    yield "shipments", _plan
    yield "waves", lambda: _each(ready_for_wave(), lambda chosen: release(chosen, by=BY))
    yield "papers", lambda: _each(_at(Stage.RELEASED), lambda chosen: print_papers(chosen, by=BY))
    yield "waybills", lambda: _each(_at(Stage.RELEASED), lambda rows: draw_waybills(rows, by=BY))
    yield "picked", lambda: _each(_at(Stage.RELEASED), lambda chosen: pick(chosen, by=BY))
    yield "verified", lambda: _each(_at(Stage.PICKED), lambda rows: verify_whole(rows, by=BY))
    yield "packed", lambda: _each(_at(Stage.PICKED), lambda chosen: pack(chosen, by=BY))
    yield "shipped", lambda: _each(_at(Stage.PACKED), _hand_over)
    yield "delivered", lambda: _each(_at(Stage.SHIPPED), _hear_of)


def _buy_numbers() -> None:
    """Have a million waybill numbers of the preferred carrier, who takes all parcels."""
    carrier = Carrier.objects.filter(is_active=True)[0]
    prefix, digits = PREFIXES.get(carrier.code, ("75", 12))
    first = 10 ** (digits - 1)
    numbers = NumberRange(
        carrier=carrier, prefix=prefix, digits=digits, next=first, last=first + 999_999
    )
    save_ranges([numbers], by=BY)


def _take_in(shop: str, files: tuple[str, ...]) -> int:
    facts = import_files(shop, [Path(file) for file in files], by=BY)
    return int(facts["new"])


def _screen() -> int:
    return screen_all(by=BY)


def _review() -> int:
    """The reviewer lets everything go that was only to be looked at."""
    blocked = Hold.objects.filter(severity=Severity.BLOCK, cleared_at=None).values("order")
    held = Order.objects.filter(stage=OrderStage.HELD).exclude(pk__in=blocked)
    reviewer = Person.objects.with_role(Role.REVIEWER)[0]
    return sum(
        pass_review(chosen, by=reviewer, now=timezone.now()).count() for chosen in _parts(held)
    )


def _reserve() -> int:
    return serve_all(by=BY)


def _plan() -> int:
    return sum(planned for planned, _shipments in plan_waiting(by=BY, now=timezone.now()))


def _at(stage: Stage) -> ShipmentQuerySet:
    return Shipment.objects.filter(stage=stage)


def _hand_over(chosen: ShipmentQuerySet) -> None:
    hand_over(chosen, by=BY, now=timezone.now())


def _hear_of(chosen: ShipmentQuerySet) -> None:
    record_traces([_report(pk) for pk in chosen.values_list("pk", flat=True)], by=BY)


def _report(shipment: int) -> Report:
    """Say of a parcel what a carrier says of it in four messages, the last of them: signed for."""
    last = timezone.now()
    points = tuple(
        Point(last - timedelta(minutes=len(WAY) - number), f"【杭州市】快件 {words}", state)
        for number, (state, words) in enumerate(zip(WAY, WORDS, strict=True))
    )
    return Report(shipment, "kuaidi100", TraceState.SIGNED, points)


def _each(rows: ShipmentQuerySet, act: Callable[[ShipmentQuerySet], object]) -> int:
    """Do something with all the rows, so many at once; return how many they were."""
    moved = 0
    for chosen in _parts(rows):
        act(chosen)
        moved += chosen.count()
    return moved


def _parts(rows: Any) -> Iterator[Any]:
    """Yield all the rows that are there now, so many at once, by their keys."""
    keys: list[int] = [*rows.order_by("pk").values_list("pk", flat=True)]
    for start in range(0, len(keys), AT_ONCE):
        yield rows.model.objects.numbered(keys[start : start + AT_ONCE])
