"""Any order of acts: people, jobs, customers and carriers do at random whatever the house knows.

After each act everything adds up; a refused one has changed nothing, an accepted one is one entry.
"""

from collections.abc import Callable
from time import monotonic
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, run_state_machine_as_test

from gendan.bench.report import Row
from gendan.journal.writing import entry
from gendan.warehouse.models import Carrier
from tests.prove.acts.amending import Amenders
from tests.prove.acts.channels import Channels
from tests.prove.acts.delivery import Delivery
from tests.prove.acts.house import House
from tests.prove.acts.moving import Movers
from tests.prove.acts.orders import Basket, Orders, baskets, buyers
from tests.prove.acts.screening import Screening
from tests.prove.acts.stock import Stock
from tests.prove.acts.warehouse import Warehouse
from tests.prove.cast import BY, furnish
from tests.prove.racing import Tally

EXAMPLES = 2000
AT_ONCE = 50
SECONDS = 600
ACTS = 40  # in one example


class AnyOrder(Orders, Amenders, Screening, Stock, Warehouse, Movers, Delivery, Channels):
    """All of them together, in a house that has some orders already."""

    @initialize(
        asked=st.lists(st.tuples(baskets, buyers), min_size=1, max_size=4), far=st.integers(0, 6)
    )
    def begin(self, asked: list[tuple[Basket, int]], far: int) -> None:
        for basket, buyer in asked:
            self.place_and_pay(basket=basket, buyer=buyer, by=0)
        for step in self.steps()[:far]:
            step()

    def steps(self) -> tuple[Callable[[], Any], ...]:
        """Return the way of an order, all orders at a time."""
        some = {"few": [*range(9)], "by": 0}
        return (
            lambda: self.screen_next(limit=9),
            lambda: self.reserve_next(limit=9),
            self.plan_ready,
            lambda: self.through_the_house(**some),
            lambda: self.hand_over(fits=True, **some),
            lambda: self.deliver(fits=True, **some),
        )


def stage() -> None:
    """Make what all the examples begin with."""
    House.cast = furnish(people=4, pieces=[4, 3, 2])
    with entry("test.setup", by=BY):
        Carrier.objects.create(code="other", name="另一家", rank=2)


def try_everything(*, examples: int, acts: int = ACTS, derandomize: bool = False) -> Tally:
    """Try so many examples of at most so many acts; return what was done and what was refused.

    :raises AssertionError: with the shortest example found after which something is wrong
    """
    House.tally = Tally()
    run_state_machine_as_test(
        AnyOrder,
        settings=settings(
            max_examples=examples,
            stateful_step_count=acts,
            deadline=None,
            derandomize=derandomize,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate, Phase.shrink),
        ),
    )
    return House.tally


def prove() -> list[Row]:
    """Try 2,000 examples, or as many as ten minutes allow, each run with a fresh seed."""
    stage()
    tried, total, begun = 0, Tally(), monotonic()
    while tried < EXAMPLES and monotonic() - begun < SECONDS:
        total.add(try_everything(examples=AT_ONCE))
        tried += AT_ONCE
    done, refused = sum(total.done.values()), sum(total.refused.values())
    return [
        Row(
            "Any order of acts, everything added up after each",
            f"{tried:,} examples of up to {ACTS} acts: {done:,} done ({len(total.done)} kinds), "
            f"{refused:,} refused ({len(total.refused)} kinds)",
            aim="nothing differs; refused acts change nothing, accepted ones are one entry",
            met=True,
        )
    ]
