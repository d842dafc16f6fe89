"""The urgent lane's pages: the board, declaring from an order's page, the rules."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conftest import TESTER, OrderMaker
from gendan.delivery.actions.keep_lane import keep_lane
from gendan.orders.actions import urge
from gendan.orders.actions.urge import save_lane_rules
from gendan.orders.models import LaneRules, Order, Urgency
from gendan.people.models import Person

LANE = "/urgent/"


def of(client: Client, who: Person) -> Client:
    client.force_login(who)
    return client


def test_the_lane_shows_who_declared_what_and_why(
    client: Client, wang: Person, make_orders: OrderMaker
) -> None:
    order = urge(make_orders(1), by=wang, why="flies tomorrow").get()
    keep_lane(by=TESTER, now=timezone.now())

    page = of(client, wang).get(LANE).content.decode()

    assert order.number in page
    assert "flies tomorrow" in page
    part = client.get(LANE, headers={"HX-Request": "true", "HX-Target": "lane"}).content.decode()
    assert part.startswith('<div id="lane"')


def test_an_empty_lane_says_what_to_do(client: Client, wang: Person) -> None:
    assert reverse("orders") in of(client, wang).get(LANE).content.decode()


def test_a_stranger_sees_an_empty_lane(
    client: Client, stranger: Person, wang: Person, make_orders: OrderMaker
) -> None:
    order = urge(make_orders(1), by=wang, why="flies tomorrow").get()

    assert order.number not in of(client, stranger).get(LANE).content.decode()


def test_an_order_is_declared_from_its_page_with_what_it_displaces(
    client: Client, wang: Person, make_orders: OrderMaker
) -> None:
    make_orders(2)
    order = make_orders(1).get()
    act = reverse("order-urge", args=[order.number])

    asked = of(client, wang).get(act, headers={"HX-Request": "true"}).content.decode()
    assert "2" in asked
    assert not Urgency.objects.exists()

    assert client.post(act, {"why": ""}).status_code == 422
    client.post(act, {"why": "flies tomorrow"})

    order.refresh_from_db()
    assert (order.priority, Urgency.objects.get().displaced) == (10, 2)
    assert "flies tomorrow" in client.get(reverse("order", args=[order.number])).content.decode()
    client.post(act, {"why": "does not fly"})
    order.refresh_from_db()
    assert order.priority == 0


def test_who_declares_what_is_declared_already_takes_nothing_away(
    client: Client, wang: Person, make_orders: OrderMaker
) -> None:
    order = make_orders(1).get()
    act = reverse("order-urge", args=[order.number])
    seen = of(client, wang).get(act).context["form"]["seen"].value()

    for _press in range(2):
        client.post(act, {"why": "flies tomorrow", "seen": seen})

    order.refresh_from_db()
    assert order.priority == 10
    assert Urgency.objects.get().ended_at is None


def test_a_full_day_is_told_in_the_dialog(
    client: Client, wang: Person, make_orders: OrderMaker
) -> None:
    save_lane_rules(LaneRules(a_day=0), by=TESTER)
    order = make_orders(1).get()

    answer = of(client, wang).post(
        reverse("order-urge", args=[order.number]), {"why": "x"}, headers={"HX-Request": "true"}
    )

    assert answer.status_code == 422
    assert not Order.objects.filter(priority__gt=0).exists()


@pytest.mark.parametrize(("who", "status"), [("zhao", 302), ("wang", 403)])
def test_only_a_supervisor_changes_the_rules(
    client: Client, request: pytest.FixtureRequest, who: str, status: int
) -> None:
    said = {
        "a_day": "7",
        "screening_minutes": "10",
        "stock_minutes": "10",
        "wave_minutes": "20",
        "packing_minutes": "30",
        "hand_over_minutes": "60",
    }

    answer = of(client, request.getfixturevalue(who)).post("/urgent/rules/", said)

    assert answer.status_code == status
    assert LaneRules.objects.filter(a_day=7).exists() == (status == 302)


def test_taking_it_away_says_first_whether_its_place_becomes_free(
    client: Client, wang: Person, make_orders: OrderMaker
) -> None:
    order = urge(make_orders(1), by=wang, why="flies tomorrow").get()
    act = reverse("order-urge", args=[order.number])

    asked = of(client, wang).get(act, headers={"HX-Request": "true"}).content.decode()

    assert "free again" in asked or "可再用" in asked
    assert Urgency.objects.get().ended_at is None
    client.post(act, {"why": "mixed up"})
    assert Urgency.objects.get().gave_back
