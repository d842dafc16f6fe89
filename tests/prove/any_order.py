"""Any order of acts: people, jobs, customers and carriers do at random whatever the house knows.

After each act everything adds up; a refused one has changed nothing, an accepted one is one entry.
"""

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, run_state_machine_as_test

from gendan.bench.report import Row
from gendan.journal.writing import entry
from gendan.warehouse.models import Carrier
from tests.prove.acts.channels import Channels
from tests.prove.acts.delivery import Delivery
from tests.prove.acts.house import House
from tests.prove.acts.orders import Basket, Orders, baskets, buyers
from tests.prove.acts.screening import Screening
from tests.prove.acts.stock import Stock
from tests.prove.acts.warehouse import Warehouse
from tests.prove.cast import BY, furnish
from tests.prove.racing import Tally

EXAMPLES = 2000
ACTS = 40  # in one example


class AnyOrder(Orders, Screening, Stock, Warehouse, Delivery, Channels):
    """All of them together, in a house that has some orders already."""

    @initialize(asked=st.lists(st.tuples(baskets, buyers), max_size=4), far=st.integers(0, 3))
    def begin(self, asked: list[tuple[Basket, int]], far: int) -> None:
        for basket, buyer in asked:
            self.place_and_pay(basket=basket, buyer=buyer, by=0)
        steps = (self.screen_again, self.screen_all, self.reserve_all, self.plan_ready)
        for step in steps[: far + 1] if asked else ():
            step()

    def screen_all(self) -> None:
        self.screen_next(limit=9)

    def reserve_all(self) -> None:
        self.reserve_next(limit=9)


def try_everything(*, examples: int, acts: int = ACTS, derandomize: bool = False) -> Tally:
    """Try so many examples of at most so many acts; return what was done and what was refused.

    :raises AssertionError: with the shortest example found after which something is wrong
    """
    House.cast = furnish(people=4, pieces=[4, 3, 2])
    with entry("test.setup", by=BY):
        Carrier.objects.create(code="other", name="另一家", rank=2)
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
            print_blob=True,
        ),
    )
    return House.tally


def prove() -> list[Row]:
    """Try 2,000 examples with a seed of the day."""
    tally = try_everything(examples=EXAMPLES)
    done, refused = sum(tally.done.values()), sum(tally.refused.values())
    return [
        Row(
            "Any order of acts: examples by Hypothesis, everything added up after each act",
            f"{EXAMPLES:,} examples of up to {ACTS} acts: {done:,} done "
            f"({len(tally.done)} kinds), {refused:,} refused ({len(tally.refused)} reasons)",
            aim="nothing ever differs; refused acts change nothing",
            met=True,
        )
    ]
