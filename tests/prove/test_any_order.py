import pytest

from tests.prove.any_order import stage, try_everything


@pytest.mark.django_db
@pytest.mark.slow
def test_whatever_happens_in_whatever_order_adds_up() -> None:
    stage()
    tally = try_everything(examples=12, acts=40, derandomize=True)

    assert sum(tally.done.values()) > 50
