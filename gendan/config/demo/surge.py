"""What the demo's merchant did on the last big day, and has prepared for the next one."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone

from gendan.catalog.models import Sku
from gendan.delivery.actions.hand_over import hand_over
from gendan.delivery.actions.keep_lane import keep_lane
from gendan.journal.actors import Job
from gendan.journal.writing import entry
from gendan.orders.actions import urge
from gendan.orders.actions.surge import begin, end, save_big_day
from gendan.orders.models import Order
from gendan.orders.models.surge import BigDay
from gendan.people.models import Person, Warehouse
from gendan.screening.models import Rule
from gendan.warehouse.actions.prepack import prepack, send_by_label
from gendan.warehouse.models import Shipment, ShipmentLine, ShipmentQuerySet
from gendan.warehouse.queries.prepack import fitting
from gendan.warehouse.queries.ready import blocked
from gendan.warehouse.stages import Stage

BY = Job("demo")
RESTS = ("BUYER_REMARK", "VALUE")
BESTSELLERS = 3
BY_LABEL = 9
FETCHED = 12


def tell() -> None:
    """Plan 双12, and let two rules rest on it."""
    save_big_day(BigDay(name="双12", starts_above=3000, ends_below=600, wave_limit=200), by=BY)
    with entry("rule.changed", by=BY, name="双12"):
        Rule.objects.filter(code__in=RESTS).update(rests_on_big_days=True)


def go_on(people: dict[str, Person]) -> None:
    """Remember 双11; then let the tables be busy: by label, with haste, and a van at the door."""
    _remember(people["zhao"])
    house = Shipment.objects.filter(warehouse__code="HZ").exclude(pk__in=blocked())
    in_waves = _first(house.filter(stage=Stage.RELEASED), 200)
    _prepack(in_waves, people["chen"])
    boxed = sorted(fitting(in_waves))
    send_by_label(Shipment.objects.numbered(boxed[:BY_LABEL]), by=people["chen"])
    _hurry(house.filter(stage=Stage.PICKED, priority=0), people["wang"])
    _let_fetch(house.filter(stage=Stage.PACKED, priority=0).exclude(waybill=""), people["chen"])


def _remember(supervisor: Person) -> None:
    now = timezone.now()
    day = save_big_day(BigDay(name="双11", starts_above=2000, ends_below=400), by=supervisor)
    begin(day, by=supervisor, now=now - timedelta(days=11, hours=2), why="零点开抢")
    end(day, by=supervisor, now=now - timedelta(days=10), why="订单回落，恢复平日流程")


def _prepack(shipments: Sequence[int], packer: Person) -> None:
    """Pack what sells best before anybody orders it."""
    single = ShipmentLine.objects.filter(shipment__in=shipments, shipment__pieces=1)
    sold = Counter(single.values_list("sku", flat=True))
    best = Sku.objects.in_bulk([pk for pk, _times in sold.most_common(BESTSELLERS)])
    for number, sku in enumerate(best.values(), 1):
        prepack(Warehouse.objects.get(code="HZ"), sku, pieces=1, boxes=20 * number, by=packer)


def _hurry(picked: ShipmentQuerySet, clerk: Person) -> None:
    """Declare two orders urgent that lie at the packing table."""
    now = timezone.now()
    orders = Order.objects.filter(shipment_lines__shipment__in=_first(picked, 2)).distinct()
    hasty = Order.objects.numbered(list(orders.values_list("pk", flat=True)))
    urge(hasty, by=clerk, why="客户今晚的火车", now=now - timedelta(minutes=30))
    keep_lane(by=BY, now=now)


def _let_fetch(packed: ShipmentQuerySet, worker: Person) -> None:
    chosen = Shipment.objects.numbered(_first(packed, FETCHED))
    if chosen.exists():
        hand_over(chosen, by=worker, now=timezone.now())


def _first(shipments: ShipmentQuerySet, number: int) -> list[int]:
    return list(shipments.order_by("pk").values_list("pk", flat=True)[:number])
