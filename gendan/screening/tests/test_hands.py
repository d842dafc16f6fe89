"""Several hands screen what waits, each order once."""

import pytest

from conftest import TESTER, OrderMaker
from gendan.journal.models import Change
from gendan.orders.models import Order
from gendan.orders.stages import Stage
from gendan.screening import hands
from gendan.screening.actions import screen_next
from gendan.screening.rules import install_rules


@pytest.mark.django_db(transaction=True)
def test_two_hands_screen_every_order_once(
    make_orders: OrderMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_rules(by=TESTER)
    make_orders(30, stage=Stage.SCREENING)
    monkeypatch.setattr(hands, "BATCH", 5)
    monkeypatch.setattr(hands, "screen_next", lambda by, now: screen_next(by=by, now=now, limit=5))
    assert hands.screen_all(by=TESTER) == 30
    assert not Order.objects.filter(stage=Stage.SCREENING).exists()
    moves = Change.objects.filter(subject__name="orders_order", after__has_key="stage")
    assert moves.count() == 30


@pytest.mark.django_db
def test_nothing_to_screen_is_nothing_to_do() -> None:
    assert hands.screen_all(by=TESTER) == 0
