"""A house with parcels to print papers for: orders from a file, planned, in waves, with numbers."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from django.utils import timezone

from gendan.bench import merchant
from gendan.bench.house import say
from gendan.bench.platform_files import write
from gendan.channels.actions import import_files
from gendan.config.demo.story import PREFIXES
from gendan.delivery.actions.save_ranges import save_ranges
from gendan.delivery.actions.waybills import draw_waybills
from gendan.delivery.models import NumberRange
from gendan.journal.actors import Job
from gendan.orders.models import Order, OrderQuerySet
from gendan.orders.stages import Stage
from gendan.people.models import Person
from gendan.screening.actions import release as pass_review
from gendan.screening.actions import screen_next
from gendan.screening.models import Severity
from gendan.stock.actions import reserve_next
from gendan.warehouse.actions.plan import plan_waiting
from gendan.warehouse.actions.release import release
from gendan.warehouse.models import Carrier, Shipment, ShipmentQuerySet
from gendan.warehouse.queries.ready import ready_for_wave

Chosen = TypeVar("Chosen", OrderQuerySet, ShipmentQuerySet)
BY = Job("bench")
AT_ONCE = 2_000


def main(orders: str) -> dict[str, Any]:
    """Make a merchant and so many orders; return how many shipments have a waybill."""
    merchant.make(int(orders))
    with tempfile.TemporaryDirectory() as folder:
        files = write(int(orders), Path(folder))["files"]
        import_files("TB", [Path(file) for file in files], by=BY)
    say("screening, reserving, planning, making waves")
    _until_nothing(lambda: sum(screen_next(by=BY, now=timezone.now())))
    chief = Person.objects.get(username="admin")
    _each(_only_to_be_looked_at(), lambda held: pass_review(held, by=chief, now=timezone.now()))
    _until_nothing(lambda: sum(reserve_next(by=BY, now=timezone.now())))
    list(plan_waiting(by=BY, now=timezone.now()))
    _each(ready_for_wave(), lambda chosen: release(chosen, by=BY))
    _number_ranges()
    _each(Shipment.objects.filter(waybill=""), lambda chosen: draw_waybills(chosen, by=BY))
    return {"shipments": Shipment.objects.exclude(waybill="").count()}


def _only_to_be_looked_at() -> OrderQuerySet:
    """Return the held orders that a reviewer may let go as they are."""
    blocked = {"holds__severity": Severity.BLOCK, "holds__cleared_at": None}
    return Order.objects.filter(stage=Stage.HELD).exclude(**blocked)


def _number_ranges() -> None:
    """Give each carrier a million numbers of the kind that it prints."""
    ranges = []
    for carrier in Carrier.objects.all():
        prefix, digits = PREFIXES.get(carrier.code, ("75", 12))
        begin = 10 ** (digits - 1) + carrier.pk * 10**6
        numbers = {"prefix": prefix, "digits": digits, "next": begin, "last": begin + 999_999}
        ranges.append(NumberRange(carrier=carrier, **numbers))
    save_ranges(ranges, by=BY)


def _each(rows: Chosen, act: Callable[[Chosen], object]) -> None:
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), AT_ONCE):
        act(rows.model.objects.numbered(keys[start : start + AT_ONCE]))


def _until_nothing(step: Callable[[], int]) -> None:
    while step():
        pass
