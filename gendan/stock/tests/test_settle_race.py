"""The customer answers in the very moment in which somebody else settles it otherwise."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from django.utils import timezone

from conftest import TESTER, OrderMaker
from gendan.catalog.models import Sku
from gendan.desk.actions import answer
from gendan.desk.models import Message
from gendan.orders.actions.cancel import cancel
from gendan.orders.models import Order
from gendan.orders.stages import Stage
from gendan.people.models import Warehouse
from gendan.stock.actions import (
    Chosen,
    ask,
    choose,
    end_cases,
    look_after,
    receive,
    reserve,
    reserve_next,
    send_what_is_there,
)
from gendan.stock.actions.goods import Goods
from gendan.stock.models import LIVE, Reservation, ShortageCase
from gendan.stock.tests.conftest import Shelf, beside
from gendan.stock.tests.test_race import at_once
from gendan.stock.verify import differences
from gendan.ui.errors import Refused

NOW = timezone.now()
MANY = 16
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def asked(make_orders: OrderMaker, tea: Sku, bag: Sku, shelf: Shelf) -> list[tuple[int, int]]:
    """Messages that ask about orders of tea, which is short, and a bag, which is there."""
    shelf(bag, MANY + bag.safety_stock)
    fen = 2 * tea.price_fen + bag.price_fen
    paid = {"goods_fen": fen, "total_fen": fen, "paid_fen": fen}
    beside(make_orders(MANY, stage=Stage.READY, **paid), bag)
    reserve_next(by=TESTER, now=NOW)
    ask(ShortageCase.objects.all(), "CHAT", by=TESTER, now=NOW)
    return list(Message.objects.order_by("pk").values_list("pk", "subject_id"))


def meet(asked: list[tuple[int, int]], other: Callable[[int], object], code: str) -> None:
    """Let two customers' hands answer, and two others act, order by order."""

    def act(worker: int) -> None:
        for message, order in asked:
            with suppress(Refused):
                if worker % 2:
                    other(order)
                else:
                    chosen = Message.objects.filter(pk=message)
                    answer(chosen, code, by=TESTER, now=timezone.now())

    at_once(act)
    assert not list(differences())


def test_two_choices_are_carried_out_once(asked: list[tuple[int, int]]) -> None:
    cases = dict(ShortageCase.objects.values_list("order_id", "pk"))

    def clerk(order: int) -> None:
        choose({cases[order]: Chosen("PART-REFUND")}, by=TESTER, now=timezone.now())

    meet(asked, clerk, "CANCEL")
    for order in Order.objects.all():
        served = Reservation.objects.filter(line__order=order).exists()
        assert order.stage == (Stage.ALLOCATED if served else Stage.CANCELLED)
    assert not ShortageCase.objects.filter(state__in=LIVE).exists()


def test_goods_that_come_meanwhile_are_promised_or_refunded(
    asked: list[tuple[int, int]], tea: Sku, hangzhou: Warehouse
) -> None:
    receive([Goods(tea.pk, 2 * MANY + tea.safety_stock)], hangzhou, by=TESTER)

    def come(order: int) -> None:
        reserve(Order.objects.filter(pk=order, stage=Stage.SHORT), by=TESTER, now=timezone.now())

    meet(asked, come, "PART-REFUND")
    assert set(Order.objects.values_list("stage", flat=True)) == {Stage.ALLOCATED}


def test_cancelled_meanwhile_nothing_stays_promised(asked: list[tuple[int, int]]) -> None:
    def stop(order: int) -> None:
        chosen = Order.objects.numbered([order])
        cancel(chosen, by=TESTER, now=timezone.now(), why="不要了")
        end_cases([order], by=TESTER, now=timezone.now(), outcome="cancelled")

    meet(asked, stop, "CANCEL")
    assert set(Order.objects.values_list("stage", flat=True)) == {Stage.CANCELLED}


def test_the_jobs_look_after_them_meanwhile(asked: list[tuple[int, int]], tea: Sku) -> None:
    def job(_order: int) -> None:
        look_after(by=TESTER, now=timezone.now())
        send_what_is_there(by=TESTER, now=timezone.now())

    meet(asked, job, "PART-REFUND")
