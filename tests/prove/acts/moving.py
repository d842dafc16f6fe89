"""What colleagues move between parcels by hand, and move back."""

from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import rule

from gendan.orders.stages import Stage as OrderStage
from gendan.warehouse.actions import combine, regroup, split
from gendan.warehouse.models import Regrouping
from gendan.warehouse.queries.splitting import Way
from gendan.warehouse.stages import BEFORE_PACKING
from tests.prove.acts.house import House, among, few, fits, once_ordered, once_planned, who

reason = st.sampled_from(("", "买家要求"))


class Movers(House):
    """People who combine parcels, split them, and think better of it."""

    @once_planned
    @rule(few=few, fits=fits, by=who, why=reason)
    def combine(self, few: list[int], fits: bool, by: int, why: str) -> None:
        chosen, now = self.shipments(few, fits, *BEFORE_PACKING), timezone.now()
        self.do(
            "shipment.combined",
            lambda: combine.combine(chosen, by=self.person(by), now=now, why=why),
        )

    @once_ordered
    @rule(few=few, fits=fits, by=who, why=reason)
    def combine_orders(self, few: list[int], fits: bool, by: int, why: str) -> None:
        chosen, now = self.orders(few, fits, OrderStage.ALLOCATED), timezone.now()
        self.do(
            "order.combined",
            lambda: combine.combine_orders(chosen, by=self.person(by), now=now, why=why),
        )

    @once_planned
    @rule(few=few, fits=fits, by=who, way=st.sampled_from(Way.values))
    def split(self, few: list[int], fits: bool, by: int, way: str) -> None:
        chosen, now = self.shipments(few, fits, *BEFORE_PACKING), timezone.now()
        self.do(
            "shipment.split",
            lambda: split.split_by(way, chosen, by=self.person(by), now=now, limit_g=400),
        )

    @once_planned
    @rule(few=few, by=who)
    def undo(self, few: list[int], by: int) -> None:
        if chosen := among(Regrouping.objects.all(), few):
            acts, now = Regrouping.objects.filter(pk__in=chosen), timezone.now()
            self.do(
                "shipment.regrouping_undone",
                lambda: regroup.undo(acts, by=self.person(by), now=now),
            )
