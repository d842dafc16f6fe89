"""Whatever is asked for: never more than is there, the first served first, all or none."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from gendan.stock.allocation import Demand, decide

SKUS, PLACES = st.integers(1, 4), st.integers(1, 3)
NEEDS = st.lists(st.tuples(st.integers(1, 99), SKUS, st.integers(1, 5)), min_size=1, max_size=4)
DEMANDS = st.lists(st.tuples(NEEDS, st.one_of(st.none(), PLACES), st.booleans()), max_size=12).map(
    lambda rows: [Demand(n, needs, place, uses) for n, (needs, place, uses) in enumerate(rows)]
)
FREE = st.dictionaries(st.tuples(SKUS, PLACES), st.integers(0, 12))
SAFETY = st.dictionaries(SKUS, st.integers(0, 4))


@given(DEMANDS, FREE, SAFETY)
def test_nothing_is_promised_twice(
    demands: list[Demand], free: dict[tuple[int, int], int], safety: dict[int, int]
) -> None:
    left = dict(free)
    decision = decide(demands, left, safety, [1, 2, 3])
    given_out: Counter[tuple[int, int]] = Counter()
    for demand in demands:
        if place := decision.served.get(demand.order_id):
            for sku, quantity in demand.by_sku().items():
                given_out[sku, place] += quantity
    for where, quantity in given_out.items():
        assert quantity <= free.get(where, 0)
        assert left[where] == free.get(where, 0) - quantity


@given(DEMANDS, FREE, SAFETY)
def test_everybody_is_answered_once(
    demands: list[Demand], free: dict[tuple[int, int], int], safety: dict[int, int]
) -> None:
    decision = decide(demands, dict(free), safety, [1, 2, 3])
    assert {demand.order_id for demand in demands} == {*decision.served, *decision.lacking}
    assert not set(decision.served) & set(decision.lacking)
    assert all(lack and min(lack.values()) > 0 for lack in decision.lacking.values())


@given(DEMANDS, FREE, SAFETY)
def test_the_safety_stock_stays_for_those_who_may_sell_it(
    demands: list[Demand], free: dict[tuple[int, int], int], safety: dict[int, int]
) -> None:
    web = [Demand(d.order_id, d.needs, d.warehouse_id) for d in demands]
    left = dict(free)
    decide(web, left, safety, [1, 2, 3])
    for (sku, place), pieces in left.items():
        assert pieces >= min(free[sku, place], safety.get(sku, 0))


@given(DEMANDS, FREE)
def test_the_first_is_served_before_any_other(
    demands: list[Demand], free: dict[tuple[int, int], int]
) -> None:
    alone = decide(demands[:1], dict(free), {}, [1, 2, 3])
    together = decide(demands, dict(free), {}, [1, 2, 3])
    for order, place in alone.served.items():
        assert together.served[order] == place


def test_a_warehouse_that_is_decided_is_kept_to() -> None:
    decision = decide([Demand(7, [(1, 1, 2)], warehouse_id=2)], {(1, 1): 9}, {}, [1, 2])
    assert decision.served == {}
    assert decision.lacking == {7: {1: 2}}
