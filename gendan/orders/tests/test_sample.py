from datetime import date, timedelta

import pytest

from conftest import OrderMaker
from gendan.desk.models import Channel
from gendan.journal.models import Entry
from gendan.journal.writing import entry
from gendan.orders.actions import send_confirmation
from gendan.orders.actions.correct import correct
from gendan.orders.actions.sample import (
    AlreadyJudged,
    NothingFound,
    draw,
    judge,
    judge_again,
    save_sampling,
)
from gendan.orders.actions.send_confirmation import Way
from gendan.orders.models import Confirmation, Fault, Sample, Sampling
from gendan.orders.models.sampling import monday_of
from gendan.orders.queries.faults import faults_by_clerk
from gendan.orders.receivers import Receiver
from gendan.orders.stages import Stage
from gendan.orders.tests.conftest import NOW
from gendan.people.models import Person
from gendan.worklist.models import Item, Kind

WEEK = date(2026, 11, 16)


@pytest.fixture
def sent(make_orders: OrderMaker, wang: Person) -> None:
    """Twelve documents of one week, and one of the week before."""
    orders = make_orders(13, stage=Stage.UNCONFIRMED)
    send_confirmation(orders, by=wang, now=NOW, way=Way(Channel.PRINT))
    with entry("test.setup", by=wang):
        last = Confirmation.objects.order_by("-pk")[:1].values("pk")
        Confirmation.objects.filter(pk__in=last).update(sent_at=NOW - timedelta(days=7))


def test_a_week_begins_on_monday() -> None:
    assert monday_of(date(2026, 11, 22)) == WEEK


def test_at_least_some_are_drawn(sent: None, zhao: Person) -> None:
    assert draw(WEEK, by=zhao, now=NOW) == 5
    item = Item.objects.open().get()
    assert (item.kind, item.role, item.facts["count"]) == (Kind.SAMPLE, "SUPERVISOR", 5)


def test_a_share_of_many_is_drawn(sent: None, zhao: Person) -> None:
    save_sampling(Sampling(percent=50, at_least=1), by=zhao)

    assert draw(WEEK, by=zhao, now=NOW) == 6


def test_the_same_are_drawn_whoever_draws(sent: None, zhao: Person, wang: Person) -> None:
    draw(WEEK, by=zhao, now=NOW)
    first = set(Sample.objects.values_list("confirmation_id", flat=True))
    assert draw(WEEK, by=wang, now=NOW) == 0
    with entry("test.setup", by=zhao):
        Sample.objects.all().delete()

    draw(WEEK, by=wang, now=NOW)

    assert set(Sample.objects.values_list("confirmation_id", flat=True)) == first


def test_a_week_without_documents_asks_nobody(zhao: Person) -> None:
    assert draw(WEEK, by=zhao, now=NOW) == 0
    assert not Item.objects.exists()


def test_faults_need_words(sent: None, zhao: Person) -> None:
    draw(WEEK, by=zhao, now=NOW)

    with pytest.raises(NothingFound):
        judge(Sample.objects.all()[:1], Fault.PRICE, by=zhao, now=NOW)

    assert not Sample.objects.exclude(judged_at=None).exists()


def test_what_is_judged_is_said_by_whom(sent: None, zhao: Person) -> None:
    draw(WEEK, by=zhao, now=NOW)
    one = Sample.objects.filter(pk__in=Sample.objects.values("pk")[:1])

    found = judge(one, Fault.PRICE, by=zhao, now=NOW, words="少写了优惠").get()

    assert (found.fault, found.words, found.judged_by) == (Fault.PRICE, "少写了优惠", zhao)
    assert Entry.objects.get(verb="samples.judged").actor_name == zhao.name
    assert Item.objects.open().exists()


def test_it_is_judged_once_until_taken_back(sent: None, zhao: Person) -> None:
    draw(WEEK, by=zhao, now=NOW)
    judge(Sample.objects.all(), by=zhao, now=NOW)
    assert not Item.objects.open().exists()

    with pytest.raises(AlreadyJudged):
        judge(Sample.objects.all(), Fault.DATE, by=zhao, now=NOW, words="晚了")

    assert judge_again(Sample.objects.all(), by=zhao, now=NOW) == 5
    judge(Sample.objects.all(), Fault.DATE, by=zhao, now=NOW, words="晚了")


def test_each_document_counts_for_who_made_it(
    make_orders: OrderMaker, wang: Person, zhao: Person
) -> None:
    """An order whose document was sent twice, by two clerks, of which the second was wrong."""
    orders, way = make_orders(1, stage=Stage.UNCONFIRMED), Way(Channel.PRINT)
    send_confirmation(orders, by=zhao, now=NOW, way=way)
    correct({orders.get().pk: Receiver(name="林二诺")}, by=wang)
    send_confirmation(orders, by=wang, now=NOW, way=way)
    draw(WEEK, by=zhao, now=NOW)
    wrong = Sample.objects.filter(confirmation__made_by=wang)
    right = Sample.objects.filter(confirmation__made_by=zhao)

    judge(wrong, Fault.PRICE, by=zhao, now=NOW, words="少写了优惠")
    judge(right, by=zhao, now=NOW)

    told = [(one.name, one.sent, one.judged, one.faults) for one in faults_by_clerk(zhao, WEEK)]
    assert told == [(wang.name, 1, 1, 1), (zhao.name, 1, 1, 0)]


def test_what_was_sent_counts_before_any_of_it_is_judged(sent: None, zhao: Person) -> None:
    draw(WEEK, by=zhao, now=NOW)

    (record,) = faults_by_clerk(zhao, WEEK)

    assert (record.sent, record.judged) == (12, 0)
