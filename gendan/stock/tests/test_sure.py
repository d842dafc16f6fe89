"""A customer who taps “cancel” about short goods is asked once more."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conftest import TESTER, OrderMaker
from gendan.desk import links
from gendan.desk.models import Message
from gendan.orders.stages import Stage
from gendan.people.models import Person
from gendan.stock.actions import ask, reserve_next
from gendan.stock.models import CaseState, ShortageCase

NOW = timezone.now()


@pytest.fixture
def case(make_orders: OrderMaker) -> ShortageCase:
    """Return what an order lacks of which nothing is there."""
    make_orders(1, stage=Stage.READY)
    reserve_next(by=TESTER, now=NOW)
    return ShortageCase.objects.get()


@pytest.fixture
def page(case: ShortageCase, wang: Person) -> str:
    """Return the address at which the customer of a short order is asked."""
    asked = ShortageCase.objects.filter(pk=case.pk)
    [message] = ask(asked, "CHAT", by=wang, now=NOW)
    return reverse("say", args=[links.token(Message.objects.get(pk=message.pk))])


def test_the_first_tap_changes_nothing(case: ShortageCase, page: str, client: Client) -> None:
    answer = client.post(page, {"answer": "CANCEL"})

    assert case.order.number in answer.context["sure"].question
    case.refresh_from_db()
    assert (case.state, case.order.stage) == (CaseState.ASKED, Stage.SHORT)


def test_the_second_one_ends_the_order(case: ShortageCase, page: str, client: Client) -> None:
    client.post(page, {"answer": "CANCEL", "sure": "1"})

    case.refresh_from_db()
    case.order.refresh_from_db()
    assert (case.state, case.order.stage) == (CaseState.CARRIED_OUT, Stage.CANCELLED)
