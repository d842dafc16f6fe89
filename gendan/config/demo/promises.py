"""Haste and promises at the demo's merchant: an urgent lane, costs of lateness, other dates."""

from datetime import timedelta

from django.utils import timezone

from gendan.catalog.models import Sku
from gendan.delivery.actions.forecast import forecast
from gendan.delivery.actions.keep_lane import keep_lane
from gendan.delivery.actions.measure import measure
from gendan.delivery.actions.promise import promise_anew, propose
from gendan.delivery.actions.save_terms import save_lead_times, save_penalty
from gendan.delivery.models import Forecast, Penalty, Risk
from gendan.desk.actions import send
from gendan.desk.models import Channel
from gendan.journal.actors import Job
from gendan.orders.actions import urge
from gendan.orders.models import Order
from gendan.orders.stages import Stage
from gendan.people.models import Person, Platform

BY = Job("demo")
# Per mille of the order's value, at least and at most (yuan): what this merchant reckons with.
COSTS = {
    Platform.PINDUODUO: (50, 3, 50),
    Platform.DOUYIN: (50, 5, 50),
    Platform.TAOBAO: (100, 5, 100),
}
MADE_IN = 7  # days
HASTE = ("客户后天出国", "婚礼周六用", "老客加急，已和仓库说好")


def tell(clerk: Person, supervisor: Person) -> None:
    """Let some orders be urgent, others late, and customers be asked."""
    now = timezone.now()
    for platform, (permille, least, most) in COSTS.items():
        cost = Penalty(
            platform=platform, permille=permille, least_fen=least * 100, most_fen=most * 100
        )
        save_penalty(cost, by=supervisor)
    made = Sku.objects.order_by("-price_fen").first()
    if made:
        save_lead_times({made.pk: MADE_IN}, by=supervisor, why="手工现做")
    _hurry(clerk)
    measure(by=BY, now=now)
    forecast(by=BY, now=now)
    keep_lane(by=BY, now=now)
    _other_dates(clerk)
    keep_lane(by=BY, now=now + timedelta(minutes=1))


def _hurry(clerk: Person) -> None:
    """Declare some orders urgent at each step that they have to pass."""
    waiting = Order.objects.filter(priority=0)
    steps = (
        waiting.filter(stage=Stage.SCREENING),
        waiting.filter(stage__in=(Stage.READY, Stage.SHORT)),
        waiting.filter(stage=Stage.ALLOCATED, shipment_lines__shipment__stage="PLANNED"),
        waiting.filter(stage=Stage.ALLOCATED, shipment_lines__shipment__stage="RELEASED"),
        waiting.filter(stage=Stage.ALLOCATED, shipment_lines__shipment__stage="PACKED"),
    )
    now = timezone.now()
    for number, step in enumerate(steps):
        ids = list(step.distinct().order_by("-pk").values_list("pk", flat=True)[: 1 + number % 2])
        why = HASTE[number % len(HASTE)]
        if ids:
            declared_at = now - timedelta(minutes=25 * number)
            urge(Order.objects.numbered(ids), by=clerk, why=why, now=declared_at)


def _other_dates(clerk: Person) -> None:
    """Ask the dearest of the late ones for another day; somebody else agreed on the phone."""
    now = timezone.now()
    evening = timezone.localtime(now).replace(
        hour=18, minute=0, second=0, microsecond=0
    ) + timedelta(days=2)
    late = Forecast.objects.exclude(risk=Risk.NONE).exclude(step="").order_by("-fen_at_risk")
    dearest = list(late.values_list("order_id", flat=True)[:2])
    for order in dearest[:1]:
        asked = Order.objects.numbered([order])
        why = "窑口停电，晚两天出货"
        send(
            propose(asked, at=evening, by=clerk, now=now, why=why, channel=Channel.CHAT),
            by=clerk,
            now=now,
        )
    for order in dearest[1:]:
        why = "电话里同意后天发"
        promise_anew(Order.objects.numbered([order]), at=evening, by=clerk, now=now, why=why)
