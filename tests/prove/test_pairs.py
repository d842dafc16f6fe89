import pytest

from tests.prove.duels import DUELS
from tests.prove.pairs import faults, race, stage

TIMES = 6


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_of_two_at_once_one_wins_and_the_other_is_told_why() -> None:
    cast = stage(TIMES)
    for duel in DUELS:
        facts = race(cast, duel, times=TIMES)
        assert not faults(facts), (duel.names, facts)
