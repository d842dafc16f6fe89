"""A short storm: a few kills of everything, while a few orders go down the spine."""

import pytest

from tests.prove.kill import survive


@pytest.mark.slow
def test_nothing_is_lost_and_nothing_happens_twice_whatever_is_killed() -> None:
    facts = survive(kills=8, outages=2, pairs=2, orders=150, mean_pause=0.8)
    assert facts["faults"] == []
    assert facts["broken_answers_without_outage"] == 0
    assert facts["kills"] >= 8
    assert facts["outages"] == 2
    assert facts["placed"] > 0
