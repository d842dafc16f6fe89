"""Parcels that carriers don't intercept: whoever the customer told is asked what now."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conftest import TESTER
from gendan.delivery.actions.end import deliver, lose
from gendan.delivery.actions.intercept import AnsweredAlready, accept, refuse
from gendan.delivery.actions.not_stopped import follow_interceptions, settle
from gendan.delivery.models import Interception, Remedy
from gendan.delivery.tests.conftest import ParcelMaker
from gendan.journal.models import Entry
from gendan.journal.writing import entry
from gendan.orders.actions.amend import NewAmendment, confirm, request
from gendan.orders.amending.wanted import Action, AnotherPlace, Stop
from gendan.orders.models import Order
from gendan.people.models import Person
from gendan.warehouse.models import Shipment
from gendan.warehouse.move import move
from gendan.warehouse.stages import Stage
from gendan.worklist.models import Item, ItemQuerySet, Kind

PLACE = "浙江省杭州市西湖区北山街道示例路8号3幢502室"
MUCH_LATER = timedelta(days=9)


@pytest.fixture
def shipped(make_parcels: ParcelMaker) -> Shipment:
    """A parcel on its way."""
    return make_parcels().get()


def ask(*wanted: Action, by: Person) -> Interception:
    """Let the carrier be asked, as the customer told `by`."""
    now = timezone.now()
    news = [NewAmendment(order.pk, wanted or [Stop()]) for order in Order.objects.all()]
    confirm(request(news, by=by, now=now), by=by, now=now)
    return Interception.objects.order_by("pk")[0]


def waiting() -> ItemQuerySet:
    return Item.objects.open().filter(kind=Kind.NOT_STOPPED)


def follow(now: datetime | None = None) -> int:
    return follow_interceptions(by=TESTER, now=now or timezone.now())


def end_way(stage: Stage) -> None:
    with entry("test.setup", by=TESTER):
        move(Shipment.objects.all(), stage)


def test_whoever_the_customer_told_is_asked_what_now(shipped: Shipment, wang: Person) -> None:
    asked = ask(by=wang)

    refuse(Interception.objects.all(), by=TESTER, now=timezone.now(), words="已在派送")

    item = waiting().get()
    assert (item.owner, item.subject_id, item.role) == (wang, asked.pk, "SERVICE")
    assert (item.facts["number"], item.facts["words"]) == (shipped.number, "已在派送")


def test_who_gets_no_answer_in_time_is_asked_once(shipped: Shipment, wang: Person) -> None:
    ask(by=wang)
    assert follow() == 0

    assert follow(timezone.now() + MUCH_LATER) == 1
    assert follow(timezone.now() + MUCH_LATER) == 0

    assert waiting().get().owner == wang
    assert Item.objects.open().filter(kind=Kind.INTERCEPTION).exists()


def test_a_late_yes_settles_it(shipped: Shipment, wang: Person) -> None:
    ask(by=wang)
    follow(timezone.now() + MUCH_LATER)

    accept(Interception.objects.all(), by=wang, now=timezone.now(), words="已拦截")

    assert not waiting().exists()


def test_what_is_done_instead_settles_it(shipped: Shipment, wang: Person) -> None:
    ask(by=wang)
    refuse(Interception.objects.all(), by=wang, now=timezone.now(), words="已在派送")

    settle(
        Interception.objects.all(), Remedy.AT_THE_DOOR, by=wang, now=timezone.now(), words="已致电"
    )

    assert Interception.objects.get().remedy == Remedy.AT_THE_DOOR
    assert not waiting().exists()
    assert Entry.objects.filter(verb="interception.settled", why="已致电").exists()
    with pytest.raises(AnsweredAlready):
        settle(Interception.objects.all(), Remedy.CALLED, by=wang, now=timezone.now())


def test_what_is_settled_before_a_no_is_not_asked_again(shipped: Shipment, wang: Person) -> None:
    ask(by=wang)
    settle(Interception.objects.all(), Remedy.CALLED, by=wang, now=timezone.now())

    refuse(Interception.objects.all(), by=wang, now=timezone.now(), words="已签收")

    assert not waiting().exists()


def test_what_is_intercepted_needs_no_remedy(shipped: Shipment, wang: Person) -> None:
    ask(by=wang)
    accept(Interception.objects.all(), by=wang, now=timezone.now())
    with pytest.raises(AnsweredAlready):
        settle(Interception.objects.all(), Remedy.CALLED, by=wang, now=timezone.now())
    assert Interception.objects.get().remedy == ""


def test_a_parcel_that_arrives_first_ends_the_question(shipped: Shipment, wang: Person) -> None:
    ask(AnotherPlace(text=PLACE), by=wang)
    deliver(Shipment.objects.all(), by=wang, why="签收")

    follow()

    assert Interception.objects.get().state == "TOO_LATE"
    assert not Item.objects.open().filter(kind=Kind.INTERCEPTION).exists()
    assert waiting().get().owner == wang
    assert follow() == 0


def test_a_lost_parcel_asks_nobody(shipped: Shipment, wang: Person) -> None:
    ask(by=wang)
    refuse(Interception.objects.all(), by=wang, now=timezone.now(), words="不拦")
    lose(Shipment.objects.all(), by=wang, why="丢件")

    follow()

    assert not waiting().exists()


def test_what_should_come_back_and_does_is_as_good_as_intercepted(
    shipped: Shipment, wang: Person
) -> None:
    ask(by=wang)
    end_way(Stage.REFUSED)

    follow()

    assert Interception.objects.get().state == "ACCEPTED"
    assert not Item.objects.open().filter(kind__in=(Kind.INTERCEPTION, Kind.NOT_STOPPED)).exists()


def test_a_refused_parcel_no_longer_waits_for_its_owner(shipped: Shipment, wang: Person) -> None:
    ask(by=wang)
    refuse(Interception.objects.all(), by=wang, now=timezone.now(), words="不拦")
    end_way(Stage.REFUSED)

    follow()

    assert not waiting().exists()


def test_one_and_three_hundred_take_the_same_statements(
    make_parcels: ParcelMaker, wang: Person
) -> None:
    _first, one, many = (_statements(make_parcels, number, wang) for number in (1, 1, 300))
    assert one == many


def _statements(make_parcels: ParcelMaker, number: int, wang: Person) -> int:
    begin, now = Interception.objects.count(), timezone.now()
    orders = {line.order_id for one in make_parcels(number) for line in one.lines.all()}
    news = [NewAmendment(pk, [Stop()]) for pk in orders]
    confirm(request(news, by=wang, now=now), by=wang, now=now)
    with CaptureQueriesContext(connection) as found:
        asked = follow(now + MUCH_LATER)
    assert asked == number == Interception.objects.count() - begin
    refuse(Interception.objects.filter(state="ASKED"), by=wang, now=now, words="不拦")
    return len(found)


def test_the_parcels_page_asks_and_takes_what_is_done(
    client: Client, shipped: Shipment, wang: Person
) -> None:
    asked = ask(by=wang)
    refuse(Interception.objects.all(), by=wang, now=timezone.now(), words="已在派送")
    client.force_login(wang)
    address, page = f"/interceptions/{asked.pk}/remedy", f"/parcels/{shipped.number}/"
    assert address in client.get(page).content.decode()
    client.post(address, {"remedy": "NONSENSE"})
    assert Interception.objects.get().remedy == ""

    client.post(address, {"remedy": "RETURN", "words": "到付寄回"})

    assert Interception.objects.get().remedy == Remedy.RETURN
    assert address not in client.get(page).content.decode()


def test_strangers_settle_nothing(client: Client, shipped: Shipment, stranger: Person) -> None:
    asked = ask(by=stranger)
    client.force_login(stranger)
    answer = client.post(f"/interceptions/{asked.pk}/remedy", {"remedy": "CALLED"})
    assert answer.status_code == 404
