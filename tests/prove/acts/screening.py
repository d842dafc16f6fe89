"""What reviewers do, and the jobs of screening."""

from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import rule

from gendan.customers.addresses import split
from gendan.orders.stages import Stage
from gendan.screening import actions
from gendan.screening.models import Hold, Rule
from tests.prove.acts.house import House, among, few, fits, once_ordered, who
from tests.prove.cast import BY

WAITING = (Stage.SCREENING, Stage.HELD)
BEFORE_PROMISE = (*WAITING, Stage.READY, Stage.SHORT)


class Screening(House):
    """Reviewers, supervisors and the job that asks the rules."""

    @once_ordered
    @rule(limit=st.integers(1, 4))
    def screen_next(self, limit: int) -> None:
        self.do(
            "order.screened",
            lambda: actions.screen_next(by=BY, now=timezone.now(), limit=limit),
            job=True,
        )

    @once_ordered
    @rule(few=few, fits=fits, by=who)
    def screen(self, few: list[int], fits: bool, by: int) -> None:
        chosen = self.orders(few, fits, Stage.SCREENING)
        self.do(
            "order.screened",
            lambda: actions.screen(chosen, by=self.person(by), now=timezone.now()),
        )

    @once_ordered
    @rule(few=few, fits=fits, by=who)
    def rescreen(self, few: list[int], fits: bool, by: int) -> None:
        chosen = self.orders(few, fits, *WAITING)
        self.do(
            "order.screened",
            lambda: actions.rescreen(chosen, by=self.person(by), now=timezone.now()),
        )

    @once_ordered
    @rule()
    def screen_again(self) -> None:
        now = timezone.now()
        self.do("order.holds_ended", lambda: actions.settle(by=BY, now=now), job=True)
        self.do_any(
            ("order.screened", "order.goods_named"), lambda: actions.look_again(by=BY, now=now)
        )
        self.do("order.held_again", lambda: actions.recheck(by=BY, now=now), job=True)

    @once_ordered
    @rule(few=few, fits=fits, why=st.sampled_from(("核实", "核实", "")), by=who)
    def hold(self, few: list[int], fits: bool, why: str, by: int) -> None:
        chosen = self.orders(few, fits, *BEFORE_PROMISE)
        self.do(
            "order.held",
            lambda: actions.hold(chosen, by=self.person(by), now=timezone.now(), why=why),
        )

    @once_ordered
    @rule(few=few, by=who)
    def clear(self, few: list[int], by: int) -> None:
        chosen = Hold.objects.filter(pk__in=among(Hold.objects.all(), few))
        self.do(
            "order.hold_cleared",
            lambda: actions.clear(chosen, by=self.person(by), now=timezone.now(), why="没问题"),
        )

    @once_ordered
    @rule(few=few, fits=fits, by=who)
    def release_held(self, few: list[int], fits: bool, by: int) -> None:
        chosen = self.orders(few, fits, Stage.HELD)
        self.do(
            "order.released",
            lambda: actions.release(chosen, by=self.person(by), now=timezone.now()),
        )

    @once_ordered
    @rule(few=few, fits=fits, house=st.integers(1, 3), by=who)
    def correct_address(self, few: list[int], fits: bool, house: int, by: int) -> None:
        chosen = self.orders(few, fits, *WAITING)
        place = split(f"浙江省杭州市西湖区北山街道示例路{house}号")
        said = dict.fromkeys(chosen.values_list("pk", flat=True), place)
        self.do(
            "order.corrected",
            lambda: actions.correct_address(said, by=self.person(by), now=timezone.now()),
        )

    @once_ordered
    @rule(few=few, fits=fits, number=st.sampled_from(("13900000007", "139")), by=who)
    def correct_phone(self, few: list[int], fits: bool, number: str, by: int) -> None:
        chosen = self.orders(few, fits, *WAITING)
        said = dict.fromkeys(chosen.values_list("pk", flat=True), number)
        self.do(
            "order.corrected",
            lambda: actions.correct_phone(said, by=self.person(by), now=timezone.now()),
        )

    @rule(code=st.sampled_from(("INSTRUCTION", "COMBINABLE", "VALUE")), on=st.booleans(), by=who)
    def switch(self, code: str, on: bool, by: int) -> None:
        chosen = Rule.objects.filter(code=code)
        verb = "rule.switched_on" if on else "rule.switched_off"
        self.do(verb, lambda: actions.switch(chosen, on, by=self.person(by)))
