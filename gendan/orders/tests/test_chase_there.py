"""Offers for a platform's orders: done on the platform by a colleague, and noted here."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from conftest import TESTER
from gendan.journal.models import Entry
from gendan.journal.writing import entry
from gendan.orders.actions import cancel
from gendan.orders.actions.chase import (
    NotThere,
    allow_offer,
    changed_there,
    chase_now,
    expire_offers,
    impossible_there,
    offer,
    restored_there,
    stop_chasing,
    withdraw_offer,
)
from gendan.orders.models import Chase, ChaseOffer, OfferState, Order, OrderQuerySet
from gendan.orders.stages import Source, Stage
from gendan.orders.tests.conftest import NOW, Waiting
from gendan.people.actions import make_key
from gendan.people.models import Person
from gendan.worklist.models import Item, ItemQuerySet, Kind

pytestmark = pytest.mark.usefixtures("set_up")
LATER = NOW + timedelta(minutes=10)


@pytest.fixture
def orders(waiting: Waiting) -> OrderQuerySet:
    """An unpaid order of a platform: two cups for 200.00 yuan."""
    return waiting(source=Source.FILE)


@pytest.fixture
def given(orders: OrderQuerySet, wang: Person) -> ChaseOffer:
    return offer(Chase.objects.get(), 1000, by=wang, now=NOW, why="老客")


def steps() -> ItemQuerySet:
    return Item.objects.open().filter(kind=Kind.TELL_PLATFORM, subject="offer")


def says(orders: OrderQuerySet, **facts: object) -> None:
    """The platform's file brings something else."""
    with entry("test.setup", by=TESTER):
        orders.update(**facts)


def test_the_step_on_the_platform_is_named_and_the_price_here_stays(
    orders: OrderQuerySet, given: ChaseOffer
) -> None:
    assert (given.state, given.waits_there) == (OfferState.GIVEN, True)
    assert orders.get().total_fen == 20000
    facts = steps().get().facts
    assert (facts["to"], facts["order"]) == ("¥190.00", orders.get().platform_order)


def test_beyond_authority_a_supervisor_is_asked_before_anything_is_done_there(
    orders: OrderQuerySet, wang: Person, zhao: Person
) -> None:
    asked = offer(Chase.objects.get(), 5000, by=wang, now=NOW)
    assert (asked.state, steps().exists()) == (OfferState.ASKED, False)

    allow_offer(asked, by=zhao, now=NOW)

    assert steps().get().facts["to"] == "¥150.00"


def test_who_changed_it_there_says_so_once(given: ChaseOffer, wang: Person) -> None:
    changed_there(given, by=wang, now=LATER)

    assert (given.changed_at, given.changed_by) == (LATER, wang)
    assert Entry.objects.get(verb="chase.price_changed").actor_name == wang.name
    assert not steps().exists()
    with pytest.raises(NotThere):
        changed_there(given, by=wang, now=LATER)


def test_what_the_platform_does_not_allow_ends_the_offer_with_its_reason(
    given: ChaseOffer, wang: Person
) -> None:
    with pytest.raises(NotThere):
        impossible_there(given, by=wang, now=LATER, why=" ")

    impossible_there(given, by=wang, now=LATER, why="活动商品不能改价")

    assert (given.state, given.ended_at) == (OfferState.IMPOSSIBLE, LATER)
    assert Entry.objects.get(verb="chase.price_impossible").why == "活动商品不能改价"
    assert not steps().exists()


@pytest.mark.parametrize("how", ["withdrawn", "expired"])
def test_an_offer_that_is_over_is_set_back_there(
    orders: OrderQuerySet, given: ChaseOffer, wang: Person, how: str
) -> None:
    changed_there(given, by=wang, now=LATER)
    says(orders, total_fen=19000, discount_fen=1000)

    if how == "withdrawn":
        withdraw_offer(given, by=wang, now=LATER)
    else:
        assert expire_offers(by=TESTER, now=NOW + timedelta(days=1)) == 1

    given.refresh_from_db()
    assert given.waits_to_be_restored
    assert steps().get().facts["to"] == "¥200.00"
    assert orders.get().total_fen == 19000  # its next file brings the old price
    restored_there(given, by=wang, now=LATER)
    assert not steps().exists()
    with pytest.raises(NotThere):
        restored_there(given, by=wang, now=LATER)


def test_an_offer_that_was_never_changed_there_leaves_nothing_to_set_back(
    given: ChaseOffer, wang: Person
) -> None:
    withdraw_offer(given, by=wang, now=LATER)

    assert not given.waits_to_be_restored
    assert not steps().exists()


@pytest.mark.parametrize(("total", "state"), [(19000, "TAKEN"), (20000, "EXPIRED")])
def test_it_was_taken_if_the_lower_price_was_paid(
    orders: OrderQuerySet, given: ChaseOffer, total: int, state: str
) -> None:
    off = {"total_fen": total, "discount_fen": 20000 - total}
    says(orders, stage=Stage.SCREENING, paid_fen=total, paid_at=LATER, **off)

    chase_now(by=TESTER, now=LATER)

    given.refresh_from_db()
    assert given.state == state
    assert not steps().exists()


def test_nothing_is_set_back_for_an_order_that_is_over(
    orders: OrderQuerySet, given: ChaseOffer, wang: Person
) -> None:
    changed_there(given, by=wang, now=LATER)
    withdraw_offer(given, by=wang, now=LATER)
    assert steps().exists()

    cancel(orders, by=wang, now=LATER, why="平台关闭")
    stop_chasing(by=TESTER, now=LATER)

    assert not steps().exists()


def test_the_price_of_a_paid_order_is_not_changed_there(
    orders: OrderQuerySet, given: ChaseOffer, wang: Person
) -> None:
    says(orders, stage=Stage.SCREENING)

    with pytest.raises(NotThere):
        changed_there(given, by=wang, now=LATER)


def test_the_talk_shows_the_step_and_takes_what_was_done(
    client: Client, orders: OrderQuerySet, given: ChaseOffer, wang: Person
) -> None:
    client.force_login(wang)
    page = reverse("chase", args=[orders.get().number])

    assert "¥190.00" in client.get(page).content.decode()
    client.post(reverse("chase-offer-changed", args=[given.pk]))

    given.refresh_from_db()
    assert given.changed_by == wang
    assert reverse("chase-offer-changed", args=[given.pk]) not in client.get(page).content.decode()


def test_the_api_notes_what_was_done_there(client: Client, given: ChaseOffer, zhao: Person) -> None:
    _key, secret = make_key(by=zhao, name="CRM", scopes=["orders.chase"])
    said = {"done": "IMPOSSIBLE", "why": "平台不支持"}

    answer = client.post(
        f"/api/chasing/offers/{given.pk}/there",
        said,
        content_type="application/json",
        headers={"Authorization": f"Bearer {secret}"},
    )

    assert answer.status_code == 200, answer.content
    assert (answer.json()["state"], answer.json()["waits_there"]) == ("IMPOSSIBLE", False)
    assert Order.objects.get().total_fen == 20000
