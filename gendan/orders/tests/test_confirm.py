import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conftest import OrderMaker
from gendan.journal.models import Entry
from gendan.orders.actions import confirm, object_to, pay, place, read_again
from gendan.orders.actions.confirm import NothingSaid
from gendan.orders.actions.pay import NewPayment
from gendan.orders.models import Answer, Confirmation, Order
from gendan.orders.move import WrongStage
from gendan.orders.stages import Source, Stage
from gendan.orders.tests.conftest import NOW, Asked
from gendan.people.models import Person
from gendan.worklist.models import Item, Kind


@pytest.fixture
def unheard(asked: Asked, wang: Person) -> Order:
    """Cash on delivery, and nobody has read it to the customer."""
    placed = place([asked(is_cod=True)], by=wang, now=NOW)
    return read_again(placed, by=wang, now=NOW, heard=False).get()


def test_what_is_agreed_goes_to_screening(unheard: Order, wang: Person) -> None:
    order = confirm(Order.objects.all(), by=wang, now=NOW).get()

    assert order.stage == Stage.SCREENING
    assert Confirmation.objects.get().answer == Answer.CONFIRMED
    assert not Item.objects.open().exists()
    assert Entry.objects.get(verb="order.confirmed").actor_name == wang.name


def test_before_the_payment_the_word_is_kept(asked: Asked, wang: Person) -> None:
    read_again(place([asked()], by=wang, now=NOW), by=wang, now=NOW, heard=False)

    order = confirm(Order.objects.all(), by=wang, now=NOW).get()
    assert order.stage == Stage.UNPAID

    order = pay([NewPayment(order.pk, "CASH", 20000)], by=wang, now=NOW).get()
    assert order.stage == Stage.SCREENING


def test_what_is_wrong_waits_for_somebody(unheard: Order, wang: Person) -> None:
    order = object_to(Order.objects.all(), by=wang, now=NOW, words="数量应为3").get()

    assert order.stage == Stage.UNCONFIRMED
    item = Item.objects.open().get(kind=Kind.OBJECTION)
    assert item.facts["words"] == "数量应为3"


def test_an_objection_needs_words(unheard: Order, wang: Person) -> None:
    with pytest.raises(NothingSaid):
        object_to(Order.objects.all(), by=wang, now=NOW, words="")


def test_it_refuses_orders_that_wait_for_no_word(make_orders: OrderMaker, wang: Person) -> None:
    make_orders(1, stage=Stage.UNCONFIRMED, source=Source.PHONE)
    make_orders(1, stage=Stage.READY)

    with pytest.raises(WrongStage):
        confirm(Order.objects.all(), by=wang, now=NOW)

    assert not Confirmation.objects.exists()
    assert Order.objects.filter(stage=Stage.UNCONFIRMED).exists()


def test_it_costs_the_same_for_1_and_for_300(make_orders: OrderMaker, wang: Person) -> None:
    def cost(number: int) -> int:
        orders = make_orders(number, stage=Stage.UNCONFIRMED, source=Source.PHONE)
        with CaptureQueriesContext(connection) as counted:
            confirm(orders, by=wang, now=NOW)
        return len(counted)

    assert cost(1) == cost(300)
