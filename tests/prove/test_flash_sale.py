import pytest

from tests.prove.flash_sale import sell

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_scarce_goods_are_promised_once_and_nobody_meets_a_deadlock() -> None:
    facts = sell(processes=6, wanted=150, pieces=2)

    assert facts["broke"] == {}
    assert facts["deadlocks"] == 0
    assert facts["orders"] == 150
    assert (facts["oversold"], facts["half_served"], facts["kept_waiting"]) == ([], 0, 0)
    assert facts["findings"] == []
