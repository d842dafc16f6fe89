"""Who did what, on which day."""

import csv

import pytest
from django.utils import timezone

from conftest import OrderMaker
from gendan.insight import days
from gendan.insight.models import Day
from gendan.insight.queries import deeds
from gendan.insight.queries.people import deeds as everybody
from gendan.insight.tests.conftest import browse
from gendan.journal.models import ActorKind
from gendan.journal.queries import Doer
from gendan.orders.actions import cancel, urge
from gendan.orders.models import Order
from gendan.people.models import Person


@pytest.fixture
def worked(make_orders: OrderMaker, wang: Person) -> str:
    """Wang marked five orders as urgent, one by one, and cancelled three in one go."""
    numbers = list(make_orders(5).values_list("number", flat=True))
    for number in numbers:
        urge(Order.objects.filter(number=number), by=wang, why="asks daily")
    cancel(Order.objects.all()[:3], by=wang, now=timezone.now(), why="sold out")
    return numbers[0]


@pytest.mark.usefixtures("worked")
def test_a_day_is_counted_by_person_and_act(wang: Person) -> None:
    done = {one.name: one for one in everybody(timezone.localdate())}
    assert done[wang.name].by_verb["order.urged"] == 5
    assert done[wang.name].by_verb["order.cancelled"] == 3
    assert done[wang.name].acts == 6


@pytest.mark.usefixtures("worked")
def test_a_day_that_is_over_is_read_as_it_was_kept(wang: Person) -> None:
    today, counted = timezone.localdate(), everybody(timezone.localdate())
    kept = Day.objects.create(on=today, is_stale=False, counted_at=timezone.now(), done=[])
    assert everybody(today) == counted

    kept.counted_at = days.day(today).until
    kept.save()
    assert everybody(today) == []

    Day.objects.update(is_stale=True)
    assert everybody(today) == counted


@pytest.mark.usefixtures("worked")
def test_acts_go_page_by_page_without_loss(
    wang: Person, zhao: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deeds, "PAGE", 4)
    doer, span = Doer(ActorKind.PERSON, wang.pk), days.day(timezone.localdate())
    first = deeds.day_of(doer, zhao, span, verb="", before=None)
    rest = deeds.day_of(doer, zhao, span, verb="", before=first.older)
    told = [shown.act.entry.pk for shown in (*first.acts, *rest.acts)]
    assert (len(told), len(set(told)), rest.older) == (6, 6, None)
    assert first.total == 6
    urged = deeds.day_of(doer, zhao, span, verb="order.urged", before=None)
    assert {shown.act.entry.verb for shown in urged.acts} == {"order.urged"}


def test_acts_lead_to_their_orders(worked: str, wang: Person, zhao: Person) -> None:
    page = browse(zhao).get(f"/who-did-what/?kind=PERSON&id={wang.pk}").content.decode()
    assert f"/orders/{worked}/" in page
    assert "asks daily" in page


def test_an_order_is_found_by_its_number(worked: str, zhao: Person, stranger: Person) -> None:
    assert browse(zhao).get(f"/who-did-what/?order={worked}")["Location"] == f"/orders/{worked}/"
    assert browse(stranger).get(f"/who-did-what/?order={worked}")["Location"] == "/who-did-what/"


@pytest.mark.usefixtures("worked")
def test_a_day_is_handed_over_as_a_file(wang: Person, zhao: Person) -> None:
    answer = browse(zhao).get(f"/who-did-what/?kind=PERSON&id={wang.pk}&format=csv")
    text = answer.getvalue().decode("utf-8-sig")
    rows = list(csv.reader(text.splitlines()))
    assert len(rows) == 7
    assert rows[1][4] == "sold out"


def test_only_those_who_may_look_at_people_open_it(wang: Person) -> None:
    assert browse(wang).get("/who-did-what/").status_code == 403
