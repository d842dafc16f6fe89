"""“I don't want it any more” is asked once more, wherever it would cancel the order."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conftest import TESTER
from gendan.desk import links
from gendan.desk.models import Channel, Message, State
from gendan.journal.writing import entry
from gendan.orders.actions import NewPayment, cancel, pay
from gendan.orders.actions.chase import CannotChase, Said, note_outcome, offer, say
from gendan.orders.chase_replies import Reply
from gendan.orders.models import Chase, ChaseRules, ChaseTouch, Order, OrderQuerySet
from gendan.orders.stages import Source, Stage
from gendan.orders.tests.conftest import Waiting
from gendan.orders.tests.test_chase import HOUR, TEN
from gendan.people.models import Person
from gendan.worklist.models import Item, Kind

pytestmark = pytest.mark.usefixtures("set_up")

Asked = Callable[..., OrderQuerySet]
NO = {"answer": Reply.NO}


@pytest.fixture
def asked(waiting: Waiting, wang: Person) -> Asked:
    """Return a maker of an unpaid order whose customer has our question before them."""

    def make(now: datetime = TEN, **more: object) -> OrderQuerySet:
        orders = waiting(**more)
        say([Said(orders.get().pk, Channel.CHAT, "您好")], by=wang, now=now)
        return orders

    return make


def page(orders: OrderQuerySet) -> str:
    return reverse("say", args=[links.token(Message.objects.get(subject_id=orders.get().pk))])


def untouched(orders: OrderQuerySet) -> bool:
    message = Message.objects.get(subject_id=orders.get().pk)
    return orders.get().stage == Stage.UNPAID and message.state == State.SENT


def test_the_first_tap_of_the_customer_changes_nothing(client: Client, asked: Asked) -> None:
    orders = asked()

    answer = client.post(page(orders), {**NO, "words": "拍重了"})

    shown = answer.content.decode()
    assert answer.status_code == 200
    assert orders.get().number in answer.context["sure"].question
    assert 'name="sure"' in shown
    assert "拍重了" in shown
    assert "¥200.00" in shown
    assert untouched(orders)
    assert not ChaseTouch.objects.exclude(outcome="").exists()


def test_the_second_tap_cancels_with_the_words_of_the_first(client: Client, asked: Asked) -> None:
    orders = asked()

    client.post(page(orders), {**NO, "words": "拍重了", "sure": "1"})

    touch = ChaseTouch.objects.get()
    assert orders.get().stage == Stage.CANCELLED
    assert (touch.outcome, touch.words) == ("NO_INTEREST", "拍重了")
    assert orders.get().number in client.get(page(orders)).context["stands"]


def test_an_offer_that_would_be_lost_is_named(client: Client, asked: Asked, wang: Person) -> None:
    orders = asked()
    plain = len(client.post(page(orders), NO).context["sure"].follows)
    offer(Chase.objects.get(), 100, by=wang, now=TEN)

    assert len(client.post(page(orders), NO).context["sure"].follows) == plain + 1


@pytest.mark.parametrize("code", [each for each in Reply.values if each != Reply.NO])
def test_the_other_answers_stay_one_tap(client: Client, asked: Asked, code: str) -> None:
    orders = asked()

    assert client.post(page(orders), {"answer": code}).status_code == 302
    assert Message.objects.get(subject_id=orders.get().pk).answer == code


def test_what_a_person_closes_on_the_platform_is_one_tap(client: Client, asked: Asked) -> None:
    orders = asked(source=Source.FILE)

    assert client.post(page(orders), NO).status_code == 302
    assert orders.get().stage == Stage.UNPAID
    assert Item.objects.open().filter(kind=Kind.CHASE, subject_id=orders.get().pk).exists()


def test_who_paid_between_the_taps_is_told_so(client: Client, asked: Asked, wang: Person) -> None:
    orders = asked()
    assert client.post(page(orders), NO).context["sure"]
    pay([NewPayment(orders.get().pk, "CASH", 20000)], by=wang, now=TEN + HOUR)

    client.post(page(orders), {**NO, "sure": "1"})

    assert orders.get().stage not in (Stage.UNPAID, Stage.CANCELLED)
    assert orders.get().number in client.get(page(orders)).context["stands"]
    assert Item.objects.open().filter(kind=Kind.CUSTOMER).exists()


def test_a_paid_order_says_so_before_any_tap(client: Client, asked: Asked, wang: Person) -> None:
    orders = asked()
    assert not client.get(page(orders)).context["stands"]

    pay([NewPayment(orders.get().pk, "CASH", 20000)], by=wang, now=TEN + HOUR)

    assert orders.get().number in client.get(page(orders)).context["stands"]


def test_an_order_that_closed_says_so(client: Client, asked: Asked, wang: Person) -> None:
    orders = asked()
    cancel(orders, by=wang, now=TEN + HOUR, why="超时未付")

    assert orders.get().number in client.get(page(orders)).context["stands"]
    assert client.post(page(orders), NO).status_code == 302  # nothing is left to be sure of


@pytest.mark.parametrize("state", [State.ANSWERED, State.WITHDRAWN])
def test_what_is_settled_is_refused_and_not_asked_again(
    client: Client, asked: Asked, state: State
) -> None:
    orders = asked()
    now, answered = timezone.now(), state == State.ANSWERED
    with entry("test.setup", by=TESTER):
        more = {"answer": "HELP", "answered_at": now} if answered else {}
        Message.objects.update(state=state, **more)

    answer = client.post(page(orders), NO)

    assert (answer.status_code, answer.context.get("sure")) == (422, None)
    assert answer.context["complaint"]
    assert orders.get().stage == Stage.UNPAID


def test_what_is_too_late_to_answer_is_refused(client: Client, asked: Asked) -> None:
    orders = asked()
    with entry("test.setup", by=TESTER):
        Message.objects.update(closes_at=TEN)

    answer = client.post(page(orders), {**NO, "sure": "1"})

    assert answer.status_code == 422
    assert orders.get().stage == Stage.UNPAID


def test_the_clerk_who_notes_the_answer_is_asked_again(
    client: Client, asked: Asked, wang: Person
) -> None:
    orders = asked()
    client.force_login(wang)
    noted = reverse("message-answer", args=[Message.objects.get().pk])

    first = client.post(noted, {**NO, "words": "不要了"})
    assert (first.status_code, untouched(orders)) == (200, True)
    assert "不要了" in first.content.decode()
    client.post(noted, {**NO, "words": "不要了", "sure": "1"})

    assert orders.get().stage == Stage.CANCELLED


@pytest.fixture
def talk(client: Client, waiting: Waiting, wang: Person) -> Order:
    """An order to speak about, whatever the time of the day."""
    with entry("test.setup", by=TESTER):
        ChaseRules.objects.update(quiet_from="00:00", quiet_until="00:00")
    client.force_login(wang)
    return waiting().get()


SAID = {"channel": "PHONE", "text": "您好", "words": "买了别家", "times": "0"}


def test_the_clerk_who_speaks_is_asked_again(client: Client, talk: Order) -> None:
    address = reverse("chase", args=[talk.number])
    said = {**SAID, "outcome": "NO_INTEREST", "next": "1"}

    first = client.post(address, said)
    talk.refresh_from_db()

    assert (first.status_code, talk.stage) == (200, Stage.UNPAID)
    assert not ChaseTouch.objects.exists()
    assert talk.number in first.context["sure"].question
    assert '<input type="hidden" name="next"' in first.content.decode()

    client.post(address, {**said, "sure": "1"})
    talk.refresh_from_db()

    assert talk.stage == Stage.CANCELLED


def test_the_clerk_can_keep_it_and_keeps_the_words(client: Client, talk: Order) -> None:
    address = reverse("chase", args=[talk.number])

    kept = client.post(address, {**SAID, "outcome": "NO_INTEREST", "keep": "1"})

    assert kept.status_code == 200
    assert kept.context["form"]["outcome"].value() == ""
    assert "买了别家" in kept.content.decode()
    assert not ChaseTouch.objects.exists()


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_an_outcome_that_is_noted_later_is_asked_about_again(
    client: Client, talk: Order, wang: Person, headers: dict[str, str]
) -> None:
    (touch,) = say([Said(talk.pk, Channel.PHONE, "您好")], by=wang, now=TEN)
    address = reverse("chase-outcome", args=[touch.pk])

    first = client.post(address, {"outcome": "NO_INTEREST"}, headers=headers)
    talk.refresh_from_db()
    assert (first.status_code, talk.stage) == (200, Stage.UNPAID)
    client.post(address, {"outcome": "NO_INTEREST", "sure": "1"}, headers=headers)
    talk.refresh_from_db()

    assert talk.stage == Stage.CANCELLED


def test_a_paid_order_is_not_cancelled_by_a_later_outcome(waiting: Waiting, wang: Person) -> None:
    orders = waiting()
    (touch,) = say([Said(orders.get().pk, Channel.PHONE, "您好")], by=wang, now=TEN)
    pay([NewPayment(orders.get().pk, "CASH", 20000)], by=wang, now=TEN)
    stage = orders.get().stage

    with pytest.raises(CannotChase, match=orders.get().number):
        note_outcome(touch, "NO_INTEREST", by=wang, now=TEN + HOUR)

    assert orders.get().stage == stage
    assert ChaseTouch.objects.get().outcome == ""


@pytest.mark.parametrize("more", [{"source": Source.FILE}, {"paid_fen": 100}])
def test_a_clerk_s_word_ends_what_a_customer_s_would_end(
    waiting: Waiting, wang: Person, more: dict[str, object]
) -> None:
    orders = waiting(**more)

    say([Said(orders.get().pk, Channel.PHONE, "您好", outcome="NO_INTEREST")], by=wang, now=TEN)

    assert orders.get().stage == Stage.UNPAID
    assert ChaseTouch.objects.get().outcome == "NO_INTEREST"
