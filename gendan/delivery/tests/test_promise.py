"""Another date: asked of the customer, agreed or refused, and what follows from each."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conftest import TESTER, OrderMaker
from gendan.delivery.actions.forecast import forecast
from gendan.delivery.actions.promise import NoReason, NoSuchDate, promise_anew, propose, take_back
from gendan.delivery.models import Forecast, Promise, PromiseSource, PromiseState, Risk
from gendan.delivery.tests.conftest import ParcelMaker
from gendan.desk.actions import answer, send
from gendan.desk.models import Message, State, Topic
from gendan.journal.actors import Customer
from gendan.journal.models import Entry
from gendan.orders.models import Order, OrderQuerySet
from gendan.orders.move import WrongStage
from gendan.orders.stages import Stage
from gendan.people.models import Person
from gendan.warehouse.models import Shipment
from gendan.warehouse.stages import Stage as Parcel
from gendan.worklist.models import Item, Kind

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=3)
BUYER = Customer("林一诺")
pytestmark = pytest.mark.usefixtures("hangzhou", "yuantong")


@pytest.fixture
def late(make_orders: OrderMaker) -> OrderQuerySet:
    """One order that will not keep its promise; a person knows."""
    orders = make_orders(1, promise_at=NOW + timedelta(hours=1))
    forecast(by=TESTER, now=NOW)
    return orders


def asked(orders: OrderQuerySet, by: Person) -> Message:
    """Ask the customer and send it, on the chat."""
    drafted = propose(orders, at=LATER, by=by, now=NOW, why="the kiln broke")
    return send(drafted, by=by, now=NOW).get()


def test_a_new_promise_moves_the_date_and_ends_the_alarm(late: OrderQuerySet, wang: Person) -> None:
    before = late.get().promise_at
    assert Item.objects.open().filter(kind=Kind.LATE).exists()

    order = promise_anew(late, at=LATER, by=wang, now=NOW, why="agreed on the phone").get()

    row = Promise.objects.get()
    assert (order.promise_at, row.before_at, row.at) == (LATER, before, LATER)
    assert (row.state, row.made_by, row.why) == (PromiseState.AGREED, wang, "agreed on the phone")
    told = Forecast.objects.get()
    assert (told.risk, told.promise_source) == (Risk.NONE, PromiseSource.AGREED)
    assert not Item.objects.open().filter(kind=Kind.LATE).exists()
    assert Entry.objects.get(verb="promise.changed").why == "agreed on the phone"


def test_without_a_reason_or_in_the_past_nothing_is_promised(
    late: OrderQuerySet, wang: Person
) -> None:
    with pytest.raises(NoReason):
        promise_anew(late, at=LATER, by=wang, now=NOW, why="")
    with pytest.raises(NoSuchDate):
        propose(late, at=NOW, by=wang, now=NOW, why="kiln")

    assert (Promise.objects.count(), Message.objects.count()) == (0, 0)


def test_what_has_left_is_promised_no_more(make_parcels: ParcelMaker, wang: Person) -> None:
    make_parcels(1)

    with pytest.raises(WrongStage):
        promise_anew(Order.objects.all(), at=LATER, by=wang, now=NOW, why="kiln")


def test_the_message_names_the_date_and_offers_a_refund(late: OrderQuerySet, wang: Person) -> None:
    message = propose(late, at=LATER, by=wang, now=NOW, why="the kiln broke").get()

    assert (message.topic, message.state) == (Topic.DELAY, State.DRAFT)
    assert "11-23 10:00" in message.text
    assert [choice["code"] for choice in message.choices] == ["ACCEPT", "REFUND"]
    assert Promise.objects.get().message == message
    assert late.get().promise_at == NOW + timedelta(hours=1)


def test_a_customer_who_accepts_has_the_date(late: OrderQuerySet, wang: Person) -> None:
    message = asked(late, wang)

    answer(Message.objects.filter(pk=message.pk), "ACCEPT", by=BUYER, now=NOW)

    assert late.get().promise_at == LATER
    assert Promise.objects.get().state == PromiseState.AGREED
    assert Forecast.objects.get().risk == Risk.NONE


def test_a_customer_who_refuses_has_the_order_cancelled_and_money_waits(
    late: OrderQuerySet, wang: Person
) -> None:
    message = asked(late, wang)

    answer(Message.objects.filter(pk=message.pk), "REFUND", by=BUYER, now=NOW)

    assert late.get().stage == Stage.CANCELLED
    assert Promise.objects.get().state == PromiseState.REFUSED
    assert Item.objects.open().get(kind=Kind.REFUND_DUE).subject_id == late.get().pk


def test_what_is_in_the_warehouse_already_waits_for_a_person(
    make_parcels: ParcelMaker, wang: Person
) -> None:
    make_parcels(1, stage=Parcel.RELEASED, shipped_at=None)
    message = asked(Order.objects.all(), wang)

    answer(Message.objects.filter(pk=message.pk), "REFUND", by=BUYER, now=NOW)

    order = Order.objects.get()
    assert order.stage == Stage.ALLOCATED
    assert Item.objects.open().get(kind=Kind.CUSTOMER).subject_id == order.pk


def test_asking_again_takes_the_first_question_back(late: OrderQuerySet, wang: Person) -> None:
    first = asked(late, wang)

    propose(late, at=LATER + timedelta(days=1), by=wang, now=NOW, why="later still")

    first.refresh_from_db()
    assert first.state == State.WITHDRAWN
    states = Promise.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == [PromiseState.WITHDRAWN, PromiseState.PROPOSED]
    assert take_back(late, by=wang, now=NOW, why="it is there after all") == 1


def test_parcels_in_the_house_follow(make_parcels: ParcelMaker, wang: Person) -> None:
    make_parcels(1, stage=Parcel.PLANNED, shipped_at=None)

    promise_anew(Order.objects.all(), at=LATER, by=wang, now=NOW, why="agreed")

    assert Shipment.objects.get().promise_at == LATER


def test_it_costs_the_same_for_one_and_for_three_hundred(
    make_orders: OrderMaker, wang: Person
) -> None:
    spent = []
    for number in (1, 300):
        orders = make_orders(number)
        propose(orders, at=LATER, by=wang, now=NOW, why="kiln")
        with CaptureQueriesContext(connection) as queries:
            propose(orders, at=LATER, by=wang, now=NOW, why="kiln")
            promise_anew(orders, at=LATER, by=wang, now=NOW, why="kiln")
        spent.append(len(queries))

    assert spent[0] == spent[1]
