"""Two merchants behind PgBouncer, where there can be machines; six of them take `make prove`."""

import pytest

from tests.prove.hosts import why_not
from tests.prove.machines import keep_apart

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("machines")]


@pytest.fixture(autouse=True)
def machines() -> None:
    """Skip where there can be no machines."""
    if reason := why_not():
        pytest.skip(reason)


def test_two_merchants_see_nothing_of_each_other() -> None:
    facts = keep_apart()
    assert facts["seen"] == 0
    assert facts["placed_meanwhile"] > 0
