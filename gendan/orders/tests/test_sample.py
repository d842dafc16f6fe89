from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from conftest import TESTER, OrderMaker
from gendan.desk.models import Channel
from gendan.journal.models import Entry
from gendan.journal.writing import entry
from gendan.orders.actions import send_confirmation
from gendan.orders.actions.correct import correct
from gendan.orders.actions.sample import (
    AlreadyJudged,
    Found,
    NothingFound,
    draw,
    judge,
    judge_again,
    save_sampling,
)
from gendan.orders.actions.send_confirmation import Way
from gendan.orders.models import Confirmation, Fault, Sample, SampleFault, Sampling
from gendan.orders.models.sampling import monday_of
from gendan.orders.queries.faults import faults_by_clerk
from gendan.orders.receivers import Receiver
from gendan.orders.stages import Stage
from gendan.orders.tests.conftest import NOW
from gendan.people.actions import make_key
from gendan.people.models import Person
from gendan.worklist.models import Item, Kind

WEEK = date(2026, 11, 16)
NAME = Found(Fault.RECEIVER, "名字写错")


def wrong(words: str) -> Found:
    return Found(Fault.PRICE, words)


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

    for faults in ([Found(Fault.PRICE, " ")], [Found("COLOUR", "错")], [wrong("少"), wrong("多")]):
        with pytest.raises(NothingFound):
            judge(Sample.objects.all()[:1], faults, by=zhao, now=NOW)

    assert not Sample.objects.exclude(judged_at=None).exists()
    assert not SampleFault.objects.exists()


def test_what_is_judged_is_said_by_whom(sent: None, zhao: Person) -> None:
    draw(WEEK, by=zhao, now=NOW)
    one = Sample.objects.filter(pk__in=Sample.objects.values("pk")[:1])

    found = judge(one, [wrong("少写了优惠"), NAME], by=zhao, now=NOW).get()

    told = list(found.faults.values_list("kind", "words"))
    assert told == [(Fault.PRICE, "少写了优惠"), NAME]
    assert found.judged_by == zhao
    assert Entry.objects.get(verb="samples.judged").actor_name == zhao.name
    assert Item.objects.open().exists()


def test_it_is_judged_once_until_taken_back(sent: None, zhao: Person) -> None:
    draw(WEEK, by=zhao, now=NOW)
    judge(Sample.objects.all(), by=zhao, now=NOW)
    assert not Item.objects.open().exists()

    with pytest.raises(AlreadyJudged):
        judge(Sample.objects.all(), [NAME], by=zhao, now=NOW)

    assert judge_again(Sample.objects.all(), by=zhao, now=NOW) == 5
    judge(Sample.objects.all(), [NAME], by=zhao, now=NOW)
    assert SampleFault.objects.count() == 5

    judge_again(Sample.objects.all(), by=zhao, now=NOW)
    assert not SampleFault.objects.exists()


def test_each_document_counts_for_who_made_it(
    make_orders: OrderMaker, wang: Person, zhao: Person
) -> None:
    """An order whose document was sent twice, by two clerks, of which the second was wrong."""
    orders, way = make_orders(1, stage=Stage.UNCONFIRMED), Way(Channel.PRINT)
    send_confirmation(orders, by=zhao, now=NOW, way=way)
    correct({orders.get().pk: Receiver(name="林二诺")}, by=wang)
    send_confirmation(orders, by=wang, now=NOW, way=way)
    draw(WEEK, by=zhao, now=NOW)
    bad = Sample.objects.filter(confirmation__made_by=wang)
    right = Sample.objects.filter(confirmation__made_by=zhao)

    judge(bad, [wrong("少写了优惠"), NAME], by=zhao, now=NOW)
    judge(right, by=zhao, now=NOW)

    records = faults_by_clerk(zhao, WEEK)
    told = [(one.name, one.sent, one.judged, one.wrong, one.faults) for one in records]
    assert told == [(wang.name, 1, 1, 1, 2), (zhao.name, 1, 1, 0, 0)]
    assert [number for _label, number in records[0].kinds] == [1, 1]
    assert records[0].percent_right == 0


def test_judging_costs_the_same_for_1_and_for_300(
    make_orders: OrderMaker, wang: Person, zhao: Person
) -> None:
    save_sampling(Sampling(percent=100, at_least=1), by=zhao)

    def cost(number: int, week: date) -> int:
        orders = make_orders(number, stage=Stage.UNCONFIRMED)
        at = NOW + (week - WEEK)
        send_confirmation(orders, by=wang, now=at, way=Way(Channel.PRINT))
        assert draw(week, by=zhao, now=at) == number
        with CaptureQueriesContext(connection) as counted:
            judge(Sample.objects.filter(week=week), [NAME, wrong("少")], by=zhao, now=at)
        return len(counted)

    assert cost(1, WEEK) == cost(300, WEEK + timedelta(days=7))


def test_a_program_says_what_is_wrong(client: Client, sent: None, zhao: Person) -> None:
    draw(WEEK, by=zhao, now=NOW)
    _key, secret = make_key(by=TESTER, name="QA", scopes=["orders.sample"])
    program = Client(headers={"authorization": f"Bearer {secret}"})
    (first, *_rest) = program.get("/api/samples").json()["rows"]
    faults = [{"kind": "PRICE", "words": "少"}, {"kind": "RECEIVER", "words": "名字"}]
    asked = {"ids": [first["id"]], "faults": faults}

    (told,) = program.post("/api/samples/judge", asked, "application/json").json()
    twice = program.post("/api/samples/judge", asked, "application/json")
    (again,) = program.post(
        "/api/samples/judge-again", {"ids": [first["id"]]}, "application/json"
    ).json()

    assert sorted(fault["kind"] for fault in told["faults"]) == ["PRICE", "RECEIVER"]
    assert twice.status_code == 409
    assert (again["faults"], again["judged_at"]) == ([], None)
    assert program.get("/api/samples/records").status_code == 200


def test_what_was_sent_counts_before_any_of_it_is_judged(sent: None, zhao: Person) -> None:
    draw(WEEK, by=zhao, now=NOW)

    (record,) = faults_by_clerk(zhao, WEEK)

    assert (record.sent, record.judged) == (12, 0)
