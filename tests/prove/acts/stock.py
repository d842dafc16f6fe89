"""Goods that come in, are counted and promised."""

from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import rule

from gendan.orders.stages import Stage
from gendan.stock import actions
from gendan.stock.actions import Goods
from gendan.stock.turns import next_in_turn
from tests.prove.acts.house import House, few, fits, once_ordered, who
from tests.prove.cast import BY

skus = st.lists(st.integers(0, 2), min_size=1, max_size=3, unique=True)


class Stock(House):
    """The keeper of the stock, and the job that promises it."""

    def goods(self, skus: list[int], pieces: int) -> list[Goods]:
        return [Goods(self.cast.skus[number].pk, pieces) for number in skus]

    @rule(skus=skus, pieces=st.integers(0, 3), by=who)
    def receive(self, skus: list[int], pieces: int, by: int) -> None:
        goods = self.goods(skus, pieces)
        place = self.cast.warehouse
        self.do("stock.received", lambda: actions.receive(goods, place, by=self.person(by)))

    @rule(skus=skus, pieces=st.integers(-3, 2), by=who)
    def adjust(self, skus: list[int], pieces: int, by: int) -> None:
        goods = self.goods(skus, pieces)
        place = self.cast.warehouse
        self.do(
            "stock.adjusted",
            lambda: actions.adjust(goods, place, by=self.person(by), why="破损"),
        )

    @rule(skus=skus, pieces=st.integers(-1, 5), by=who)
    def count(self, skus: list[int], pieces: int, by: int) -> None:
        goods = self.goods(skus, pieces)
        place = self.cast.warehouse
        self.do(
            "stock.counted", lambda: actions.count(goods, place, by=self.person(by), why="盘点")
        )

    @rule(skus=skus, by=who)
    def place_at(self, skus: list[int], by: int) -> None:
        places = {self.cast.skus[number].pk: f"A-0{number}" for number in skus}
        place = self.cast.warehouse
        self.do("stock.placed", lambda: actions.place_at(places, place, by=self.person(by)))

    @once_ordered
    @rule(limit=st.integers(1, 4))
    def reserve_next(self, limit: int) -> None:
        self.do(
            "stock.reserved",
            lambda: actions.reserve_next(by=BY, now=timezone.now(), limit=limit),
            job=True,
        )

    @once_ordered
    @rule(limit=st.integers(1, 4))
    def serve_certain(self, limit: int) -> None:
        queue = next_in_turn(limit)
        assert queue is not None
        self.do(
            "stock.reserved",
            lambda: actions.serve_certain(
                queue.certain, queue.warehouse_id, by=BY, now=timezone.now()
            ),
            job=True,
        )

    @once_ordered
    @rule(few=few, fits=fits, by=who)
    def reserve(self, few: list[int], fits: bool, by: int) -> None:
        chosen = self.orders(few, fits, Stage.READY, Stage.SHORT)
        self.do(
            "stock.reserved",
            lambda: actions.reserve(chosen, by=self.person(by), now=timezone.now()),
            job=True,  # where nothing is new, nothing is written
        )

    @once_ordered
    @rule(few=few, by=who)
    def unreserve(self, few: list[int], by: int) -> None:
        chosen = self.orders(few[:1], True, Stage.ALLOCATED)
        self.do(
            "stock.unreserved",
            lambda: actions.unreserve(chosen, by=self.person(by), why="让给别人"),
        )

    @once_ordered
    @rule()
    def tidy_up(self) -> None:
        now = timezone.now()
        self.do("stock.released", lambda: actions.give_back_cancelled(by=BY), job=True)
        self.do("stock.shortage_ended", lambda: actions.forget_shortages(by=BY, now=now), job=True)
