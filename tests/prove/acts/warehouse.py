"""What happens to shipments in the house."""

from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import rule

from gendan.orders.models import Instruction
from gendan.orders.stages import Stage as OrderStage
from gendan.warehouse.actions import (
    pack,
    pick,
    plan,
    print_papers,
    recall,
    release,
    separate,
    verify,
)
from gendan.warehouse.actions.choose_carrier import choose_carrier
from gendan.warehouse.models import Carrier, ShipmentLine
from gendan.warehouse.queries.ready import IN_THE_HOUSE, ready_to_plan
from gendan.warehouse.stages import Stage
from tests.prove.acts.house import House, among, few, fits, once_ordered, once_planned, who
from tests.prove.cast import BY


class Warehouse(House):
    """Planners, pickers, packers."""

    @once_ordered
    @rule(few=few, fits=fits, by=who)
    def plan(self, few: list[int], fits: bool, by: int) -> None:
        chosen = self.orders(few, fits, OrderStage.ALLOCATED)
        self.do("shipment.planned", lambda: plan.plan(chosen, by=self.person(by)))

    @once_ordered
    @rule()
    def plan_ready(self) -> None:
        orders = ready_to_plan()
        if orders.exists():
            assert self.do("shipment.planned", lambda: plan.plan(orders, by=BY))

    @once_planned
    @rule(few=few, fits=fits, by=who)
    def release_into_wave(self, few: list[int], fits: bool, by: int) -> None:
        chosen = self.shipments(few, fits, Stage.PLANNED)
        self.do("shipment.released", lambda: release.release(chosen, by=self.person(by), limit=2))

    @once_planned
    @rule(few=few, fits=fits, by=who)
    def take_out(self, few: list[int], fits: bool, by: int) -> None:
        chosen = self.shipments(few, fits, Stage.RELEASED)
        self.do("shipment.taken_out", lambda: release.take_out(chosen, by=self.person(by)))

    @once_planned
    @rule(few=few, fits=fits, by=who)
    def separate(self, few: list[int], fits: bool, by: int) -> None:
        chosen = self.shipments(few, fits, Stage.PLANNED)
        self.do(
            "shipment.separated",
            lambda: separate.separate(chosen, by=self.person(by), now=timezone.now()),
        )

    @once_planned
    @rule(few=few, carrier=st.booleans(), by=who)
    def choose_carrier(self, few: list[int], carrier: bool, by: int) -> None:
        chosen = self.shipments(few, True, *IN_THE_HOUSE)
        other = Carrier.objects.order_by("pk")[int(carrier)]
        self.do(
            "shipment.carrier_chosen",
            lambda: choose_carrier(chosen, other, by=self.person(by)),
        )

    @once_planned
    @rule(few=few, fits=fits, by=who, why=st.sampled_from(("", "卡纸")))
    def print_papers(self, few: list[int], fits: bool, by: int, why: str) -> None:
        chosen = self.shipments(few, fits, Stage.RELEASED)
        self.do(
            "papers.asked",
            lambda: print_papers.print_papers(chosen, by=self.person(by), why=why),
        )

    @once_planned
    @rule(few=few, fits=fits, by=who)
    def pick(self, few: list[int], fits: bool, by: int) -> None:
        chosen = self.shipments(few, fits, Stage.RELEASED)
        self.do("shipment.picked", lambda: pick.pick(chosen, by=self.person(by)))

    @once_planned
    @rule(few=few, fits=fits, by=who)
    def unpick(self, few: list[int], fits: bool, by: int) -> None:
        chosen = self.shipments(few, fits, Stage.PICKED)
        self.do("shipment.unpicked", lambda: pick.unpick(chosen, by=self.person(by)))

    @once_planned
    @rule(few=few, fits=fits, by=who)
    def miss(self, few: list[int], fits: bool, by: int) -> None:
        at = (Stage.RELEASED, Stage.PICKED) if fits else tuple(Stage)
        there = ShipmentLine.objects.filter(shipment__stage__in=at)
        lines = ShipmentLine.objects.filter(pk__in=among(there, few[:1]))
        now = timezone.now()
        self.do("shipment.missed", lambda: pick.miss(lines, by=self.person(by), now=now))

    @once_planned
    @rule(few=few, fits=fits, scans=st.lists(st.integers(0, 2), min_size=1, max_size=3), by=who)
    def scan(self, few: list[int], fits: bool, scans: list[int], by: int) -> None:
        shipment = self.shipments(few[:1], fits, Stage.PICKED).first()
        if shipment:
            codes = [self.cast.skus[number].barcode for number in scans]
            self.do(
                "shipment.verified",
                lambda: verify.verify(shipment, codes, by=self.person(by)),
            )

    @once_planned
    @rule(few=few, fits=fits, by=who)
    def verify_whole(self, few: list[int], fits: bool, by: int) -> None:
        chosen = self.shipments(few, fits, Stage.PICKED)
        self.do("shipment.verified", lambda: verify.verify_whole(chosen, by=self.person(by)))

    @once_planned
    @rule(few=few, fits=fits, by=who)
    def start_again(self, few: list[int], fits: bool, by: int) -> None:
        chosen = self.shipments(few, fits, Stage.PICKED)
        self.do("shipment.started_again", lambda: verify.start_again(chosen, by=self.person(by)))

    @once_planned
    @rule(few=few, fits=fits, by=who)
    def tick(self, few: list[int], fits: bool, by: int) -> None:
        chosen = self.shipments(few, fits, Stage.PICKED)
        wishes = among(Instruction.objects.all(), few)
        self.do("shipment.ticked", lambda: verify.tick(chosen, wishes, by=self.person(by)))

    @once_planned
    @rule(few=few, fits=fits, weight=st.sampled_from((None, None, 90)), by=who)
    def pack(self, few: list[int], fits: bool, weight: int | None, by: int) -> None:
        chosen = self.shipments(few, fits, Stage.PICKED)
        ids = chosen.values_list("pk", flat=True)
        weights = dict.fromkeys(ids, weight) if weight else None
        self.do("shipment.packed", lambda: pack.pack(chosen, by=self.person(by), weights=weights))

    @once_planned
    @rule(few=few, by=who)
    def through_the_house(self, few: list[int], by: int) -> None:
        """The usual way of what is planned, so that parcels get far."""
        self.release_into_wave(few=few, fits=True, by=by)
        self.pick(few=few, fits=True, by=by)
        self.verify_whole(few=few, fits=True, by=by)
        self.pack(few=few, fits=True, weight=None, by=by)

    @once_planned
    @rule(few=few, fits=fits, by=who)
    def unpack(self, few: list[int], fits: bool, by: int) -> None:
        chosen = self.shipments(few, fits, Stage.PACKED)
        self.do("shipment.unpacked", lambda: pack.unpack(chosen, by=self.person(by)))

    @once_planned
    @rule(few=few, fits=fits, by=who)
    def recall(self, few: list[int], fits: bool, by: int) -> None:
        chosen = self.shipments(few, fits, *IN_THE_HOUSE)
        now = timezone.now()
        self.do(
            "shipment.recalled",
            lambda: recall.recall(chosen, by=self.person(by), now=now, why="客户要改"),
        )
