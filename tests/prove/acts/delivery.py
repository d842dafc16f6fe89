"""What happens to parcels that leave, and what platforms and carriers say."""

from datetime import timedelta

from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import rule

from gendan.delivery.actions import complete, end, write_back
from gendan.delivery.actions.hand_over import hand_over
from gendan.delivery.actions.record_traces import record_traces
from gendan.delivery.actions.watch import watch
from gendan.delivery.actions.waybills import draw_waybills, enter_waybills
from gendan.delivery.models import TraceState, WriteBack
from gendan.delivery.reports import Point, Report
from gendan.journal.actors import Channel, Customer
from gendan.orders.stages import Stage as OrderStage
from gendan.warehouse.queries.ready import IN_THE_HOUSE
from gendan.warehouse.stages import Stage
from tests.prove.acts.house import House, among, few, fits, once_planned, who
from tests.prove.cast import BY

COURIER = Channel("快递100")
TOLD = (
    "shipment.delivered",
    "shipment.refused",
    "shipment.returned",
    "item.opened",
    "item.done",
)
states = st.sampled_from(
    (
        TraceState.MOVING,
        TraceState.SIGNED,
        TraceState.SIGNED,
        TraceState.REFUSED,
        TraceState.RETURNED,
        TraceState.FAILED,
    )
)


class Delivery(House):
    """Those who hand over, carriers, customers, and the jobs that follow parcels."""

    @once_planned
    @rule(few=few, fits=fits, by=who)
    def draw_waybills(self, few: list[int], fits: bool, by: int) -> None:
        chosen = self.shipments(few, fits, *IN_THE_HOUSE)
        self.do("waybill.drawn", lambda: draw_waybills(chosen, by=self.person(by)))

    @once_planned
    @rule(few=few, fits=fits, number=st.integers(1, 4), by=who)
    def enter_waybills(self, few: list[int], fits: bool, number: int, by: int) -> None:
        ids = among(self.shipments(few, fits, *IN_THE_HOUSE), few)
        numbers = dict.fromkeys(ids, f"SF{number:09}")
        self.do("waybill.entered", lambda: enter_waybills(numbers, by=self.person(by)))

    @once_planned
    @rule(few=few, fits=fits, by=who)
    def hand_over(self, few: list[int], fits: bool, by: int) -> None:
        chosen = self.shipments(few, fits, Stage.PACKED)
        if fits:
            self.do("waybill.drawn", lambda: draw_waybills(chosen, by=self.person(by)))
        now = timezone.now()
        self.do("shipment.shipped", lambda: hand_over(chosen, by=self.person(by), now=now))

    @once_planned
    @rule(few=few, fits=fits, state=states, minutes=st.integers(-90, 0))
    def record_traces(self, few: list[int], fits: bool, state: TraceState, minutes: int) -> None:
        chosen = self.shipments(few, fits, Stage.SHIPPED, Stage.REFUSED)
        at = timezone.now() + timedelta(minutes=minutes)
        told = [
            Report(shipment.pk, "KUAIDI100", state, (Point(at, f"{state}", state),))
            for shipment in chosen
        ]
        self.do_any(TOLD, lambda: record_traces(told, by=COURIER))

    @once_planned
    @rule(few=few, fits=fits, by=who)
    def deliver(self, few: list[int], fits: bool, by: int) -> None:
        chosen = self.shipments(few, fits, Stage.SHIPPED, Stage.REFUSED)
        self.do(
            "shipment.delivered",
            lambda: end.deliver(chosen, by=self.person(by), why="客户来电"),
        )

    @once_planned
    @rule(few=few, fits=fits, by=who)
    def lose(self, few: list[int], fits: bool, by: int) -> None:
        chosen = self.shipments(few[:1], fits, Stage.SHIPPED, Stage.REFUSED)
        self.do("shipment.lost", lambda: end.lose(chosen, by=self.person(by), why="找不到了"))

    @once_planned
    @rule(few=few, by=who)
    def complete(self, few: list[int], by: int) -> None:
        chosen = self.orders(few[:1], True, OrderStage.ALLOCATED)
        self.do("order.completed", lambda: complete.complete(chosen, by=self.person(by)))

    @once_planned
    @rule()
    def complete_due(self) -> None:
        later = timezone.now() + timedelta(days=60)
        self.do("order.completed", lambda: complete.complete_due(by=BY, now=later), job=True)

    @once_planned
    @rule(few=few)
    def receive_parcel(self, few: list[int]) -> None:
        chosen = self.orders(few[:1], True, OrderStage.ALLOCATED)
        self.do("order.received", lambda: complete.receive(chosen, by=Customer("林一诺")))

    @once_planned
    @rule(hours=st.sampled_from((0, 40, 400)))
    def watch(self, hours: int) -> None:
        later = timezone.now() + timedelta(hours=hours)
        self.do_any(("item.opened", "item.done"), lambda: watch(by=BY, now=later))

    @once_planned
    @rule(few=few, act=st.sampled_from(("file", "confirm", "give_up")), by=who)
    def tell_platform(self, few: list[int], act: str, by: int) -> None:
        ids = among(WriteBack.objects.all(), few)
        chosen = WriteBack.objects.filter(pk__in=ids)
        me, now = self.person(by), timezone.now()
        acts = {
            "file": (
                "write_back.exported",
                lambda: write_back.put_in_file(chosen, "f.csv", by=me, now=now),
            ),
            "confirm": ("write_back.done", lambda: write_back.confirm(chosen, by=me, now=now)),
            "give_up": (
                "write_back.impossible",
                lambda: write_back.give_up(chosen, by=me, now=now, why="平台已关闭"),
            ),
        }
        self.do(*acts[act])
