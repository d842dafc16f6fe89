"""The pages of promises: the list with its picture, another date, what lateness costs."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conftest import TESTER, OrderMaker
from gendan.catalog.models import LeadTime, Sku
from gendan.delivery.actions.forecast import forecast
from gendan.delivery.models import Forecast, Penalty, Promise, PromiseState, reckoning
from gendan.desk.models import Message
from gendan.orders.finding import order_finder
from gendan.orders.models import Order
from gendan.people.models import Person, Platform

pytestmark = pytest.mark.usefixtures("hangzhou")


def of(client: Client, who: Person) -> Client:
    client.force_login(who)
    return client


@pytest.fixture
def late(make_orders: OrderMaker) -> Order:
    """An order that will be late."""
    now = timezone.now()
    order = make_orders(1, promise_at=now + timedelta(minutes=20)).get()
    forecast(by=TESTER, now=now)
    return order


def test_the_list_shows_what_is_at_risk_and_what_falls_due(
    client: Client, wang: Person, late: Order
) -> None:
    page = of(client, wang).get("/promises/").content.decode()

    assert late.number in page
    assert "256.00" in page
    assert 'class="meter' in page


def test_a_stranger_sees_none_of_it(client: Client, stranger: Person, late: Order) -> None:
    assert late.number not in of(client, stranger).get("/promises/").content.decode()


def test_orders_are_found_by_what_they_risk(late: Order) -> None:
    now = timezone.now()
    for text in ("risk = AT_RISK", "at_risk > 200", "forecast < +30d", "交期风险 = AT_RISK"):
        assert Order.objects.filter(order_finder.q(text, now=now)).get() == late


def test_the_worklist_begins_with_the_most_money_as_it_is_now(
    client: Client, zhao: Person, make_orders: OrderMaker
) -> None:
    now = timezone.now()
    soon = make_orders(1, promise_at=now + timedelta(minutes=20)).get()
    later = make_orders(1, promise_at=now + timedelta(minutes=40)).get()
    forecast(by=TESTER, now=now)
    Forecast.objects.filter(order=later).update(fen_at_risk=77700)  # the page of promises says so

    page = of(client, zhao).get("/?whose=all&kind=LATE").content.decode()
    mixed = client.get("/?whose=all").content.decode()

    assert page.index(later.number) < page.index(soon.number)
    assert mixed.index(soon.number) < mixed.index(later.number)
    assert "777.00" in page
    assert "777.00" in mixed


def test_another_date_is_offered_from_the_orders_page(
    client: Client, wang: Person, late: Order
) -> None:
    assert reverse("promise-propose", args=[late.number]) in (
        of(client, wang).get(reverse("order", args=[late.number])).content.decode()
    )
    said = {"at": "2099-01-02T18:00", "why": "kiln", "channel": "CHAT"}
    assert client.get(reverse("promise-propose", args=[late.number])).status_code == 200

    answer = client.post(reverse("promise-propose", args=[late.number]), said)

    message = Message.objects.get()
    assert answer.headers["Location"] == reverse("message", args=[message.pk])
    assert Promise.objects.get().state == PromiseState.PROPOSED


def test_another_date_is_promised_from_the_orders_page(
    client: Client, wang: Person, late: Order
) -> None:
    act = reverse("promise-anew", args=[late.number])
    assert of(client, wang).post(act, {"at": "2020-01-02T18:00", "why": "x"}).status_code == 422

    client.post(act, {"at": "2099-01-02T18:00", "why": "agreed on the phone"})

    assert Promise.objects.get().state == PromiseState.AGREED
    page = client.get(reverse("order", args=[late.number])).content.decode()
    assert "agreed on the phone" in page


@pytest.mark.parametrize("name", ["promise-propose", "promise-anew"])
def test_who_may_not_promise_is_refused(
    client: Client, chen: Person, stranger: Person, late: Order, name: str
) -> None:
    act = reverse(name, args=[late.number])

    assert of(client, chen).post(act, {"at": "2099-01-02T18:00", "why": "x"}).status_code == 403
    assert of(client, stranger).post(act, {"at": "2099-01-02T18:00"}).status_code == 404


def test_the_batch_drafts_messages(client: Client, wang: Person, late: Order) -> None:
    said = {
        "action": "propose",
        "ids": str(late.forecast.pk),
        "confirmed": "1",
        "with-at": "2099-01-02T18:00",
        "with-why": "kiln",
        "with-channel": "CHAT",
    }

    of(client, wang).post("/promises/", said)

    assert Message.objects.count() == 1


def test_costs_and_days_are_data(client: Client, zhao: Person, wang: Person, tea: Sku) -> None:
    cost = {"penalty-platform": Platform.DOUYIN, "penalty-permille": "50"}
    page = reverse("promise-terms")
    assert of(client, wang).get(page).status_code == 403

    of(client, zhao).post(page, cost | {"penalty-least_fen": "3", "penalty": "1"})
    client.post(page, {"lead-sku": tea.code, "lead-days": "9", "lead": "1"})

    said = {"margin_minutes": 600, "packed_an_hour": 55} | dict.fromkeys(
        ("screened_an_hour", "held_minutes", "short_hours", "made_hours", "hand_over_minutes"), 9
    )
    said["on_the_way_hours"] = 48
    client.post(page, {f"assumed-{name}": n for name, n in said.items()} | {"assumed": "1"})

    assert reckoning().packed_an_hour == 55
    assert Penalty.objects.get().least_fen == 300
    assert LeadTime.objects.get().days == 9
    client.post(page, {"lead-sku": tea.code, "lead-days": "0", "lead": "1"})
    assert not LeadTime.objects.exists()
    assert client.get(page).status_code == 200
