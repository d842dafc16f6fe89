"""What `gendan verify` finds about checks, documents and questions."""

import pytest

from conftest import OrderMaker
from gendan.journal.writing import entry
from gendan.orders.actions import send_confirmation
from gendan.orders.actions.ask import NewQuestion, ask
from gendan.orders.actions.send_confirmation import Way
from gendan.orders.checking import note_checks
from gendan.orders.models import Check, Confirmation, Order
from gendan.orders.stages import Source, Stage
from gendan.orders.tests.conftest import NOW
from gendan.orders.verify import differences
from gendan.people.models import Person
from gendan.worklist.models import Item


@pytest.fixture
def order(make_orders: OrderMaker, wang: Person) -> Order:
    """Sent twice, asked about, and checked by two."""
    orders = make_orders(1, stage=Stage.UNCONFIRMED, source=Source.PHONE)
    for _time in range(2):
        send_confirmation(orders, by=wang, now=NOW, way=Way("PRINT"))
    order = orders.get()
    ask([NewQuestion(order.pk, "？")], by=wang, now=NOW)
    return order


def wrong_of(wanted: str) -> list[str]:
    return [each.what for each in differences() if wanted in each.what]


def test_what_is_right_is_not_mentioned(order: Order) -> None:
    assert not wrong_of("answer")
    assert not wrong_of("check")
    assert not wrong_of("question")
    assert not wrong_of("version")


def test_a_version_with_two_contents_is_found(order: Order, wang: Person) -> None:
    with entry("test.damage", by=wang):
        newest = Confirmation.objects.order_by("-pk")[0]
        Confirmation.objects.filter(pk=newest.pk).update(digest="x")

    assert wrong_of("version")


def test_an_answer_without_its_time_is_found(order: Order, wang: Person) -> None:
    with entry("test.damage", by=wang):
        Confirmation.objects.update(answer="CONFIRMED")

    assert wrong_of("answer")


def test_two_checks_of_one_person_are_found(order: Order, wang: Person) -> None:
    with entry("test.damage", by=wang):
        note_checks([order.pk], 1, by=wang, now=NOW)
        note_checks([order.pk], 2, by=wang, now=NOW)

    assert wrong_of("second check")
    assert Check.objects.count() == 2


def test_a_question_that_waits_for_nobody_is_found(order: Order, wang: Person) -> None:
    with entry("test.damage", by=wang):
        Item.objects.all().delete()

    assert wrong_of("question")
