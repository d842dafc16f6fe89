"""The pages that combine and split."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conftest import TESTER, OrderMaker
from gendan.orders.models import Order
from gendan.orders.stages import Stage as OrderStage
from gendan.people.models import Person
from gendan.warehouse.actions.plan import plan
from gendan.warehouse.actions.suggest import suggest
from gendan.warehouse.models import CombineRules, Regrouping, ShipmentQuerySet
from gendan.warehouse.tests.parcels import LIN, living


@pytest.fixture
def page(client: Client, chen: Person) -> Client:
    client.force_login(chen)
    return client


def test_what_could_go_together_is_listed_and_combined_from_the_list(
    page: Client,
    apart: ShipmentQuerySet,
) -> None:
    suggest(by=TESTER, now=timezone.now())
    answer = page.get(reverse("combinable"))
    number = apart[0].number
    assert number in answer.content.decode()


def test_the_page_shows_what_would_be_and_does_it(
    page: Client,
    apart: ShipmentQuerySet,
    make_orders: OrderMaker,
) -> None:
    held = make_orders(1, stage=OrderStage.HELD, **LIN).get()
    first, second = apart
    shown = page.get(reverse("combine"), {"shipment": first.number}).content.decode()
    assert second.number in shown
    assert held.number in shown
    assert living() == [("PLANNED", 2), ("RELEASED", 2)]
    chosen = {"shipment": [first.number, second.number]}
    assert first.number in page.post(reverse("combine-preview"), chosen).content.decode()
    answer = page.post(reverse("combine-now"), chosen)
    assert answer.headers["Location"] == reverse("shipment", args=[first.number])
    assert living() == [("PLANNED", 4)]
    page.post(reverse("regrouping-undo", args=[Regrouping.objects.get().pk]))
    assert living() == [("PLANNED", 2), ("PLANNED", 2)]


def test_why_not_is_said_before_anything_happens(page: Client, make_allocated: OrderMaker) -> None:
    alone = plan(make_allocated(1, **LIN), by=TESTER).get()
    shown = page.post(reverse("combine-preview"), {"shipment": alone.number}).content.decode()
    assert "notice warn" in shown


def test_the_grid_splits_by_weight_and_by_hand(page: Client, make_allocated: OrderMaker) -> None:
    parcel = plan(make_allocated(2, **LIN), by=TESTER).get()
    url = reverse("shipment-split", args=[parcel.number])
    assert parcel.number in page.get(url).content.decode()
    filled = page.post(url, {"way": "WEIGHT", "limit_g": "400"}).content.decode()
    assert 'name="parcels" value="4"' in filled
    assert living() == [("PLANNED", 4)]
    line = parcel.lines.order_by("pk")[0].line_id
    typed = {"parcels": "2", f"q-{line}-1": "1", "why": "one is a gift"}
    page.post(reverse("shipment-split-now", args=[parcel.number]), typed)
    assert living() == [("PLANNED", 1), ("PLANNED", 3)]
    assert Regrouping.objects.get().why == "one is a gift"


def test_more_than_there_is_goes_nowhere(page: Client, make_allocated: OrderMaker) -> None:
    parcel = plan(make_allocated(1), by=TESTER).get()
    line = parcel.lines.get().line_id
    page.post(
        reverse("shipment-split-now", args=[parcel.number]),
        {"parcels": "3", f"q-{line}-1": "2", f"q-{line}-2": "7"},
    )
    assert living() == [("PLANNED", 2)]


def test_supervisors_change_the_rules(client: Client, zhao: Person, chen: Person) -> None:
    client.force_login(zhao)
    said = {"is_on": "on", "within_days": "3", "most_fen": "500", "wait_minutes": "15"}
    client.post(reverse("combine-rules"), {**said, "promise_hours": "2"})
    rules = CombineRules.objects.get()
    assert (rules.within_days, rules.most_fen, rules.most_g) == (3, 50_000, None)
    client.force_login(chen)
    assert client.get(reverse("combine-rules")).status_code == 403


@pytest.mark.parametrize("name", ["combinable", "combine", "combine-rules"])
def test_who_may_not_combine_is_told(client: Client, wang: Person, name: str) -> None:
    client.force_login(wang)
    assert client.get(reverse(name)).status_code == 403


def test_strangers_neither_see_nor_move_parcels(
    client: Client,
    stranger: Person,
    apart: ShipmentQuerySet,
) -> None:
    client.force_login(stranger)
    first, second = apart
    shown = client.get(reverse("combine"), {"shipment": first.number}).content.decode()
    assert second.number not in shown
    assert client.get(reverse("shipment-split", args=[first.number])).status_code == 404
    client.post(reverse("combine-now"), {"shipment": [first.number, second.number]})
    assert living() == [("PLANNED", 2), ("RELEASED", 2)]


def test_chosen_orders_lead_to_the_page_that_combines(
    page: Client, make_allocated: OrderMaker
) -> None:
    first, second, third = make_allocated(3, **LIN)
    ticked = {"action": "combine", "ids": [first.pk, second.pk]}
    answer = page.post("/orders/?tab=all", ticked)
    url = answer.headers["Location"]
    assert url == f"{reverse('combine')}?order={first.number}&order={second.number}"
    asked = page.post("/orders/?tab=all", ticked, headers={"HX-Request": "true"})
    assert asked.headers["HX-Redirect"] == url
    shown = page.get(url).content.decode()
    assert f'value="{first.number}" checked' in shown
    assert f'value="{third.number}">' in shown
    assert living() == []


def test_one_order_alone_leads_nowhere(page: Client, make_allocated: OrderMaker) -> None:
    alone = make_allocated(1, **LIN).get()
    answer = page.post(
        "/orders/?tab=all",
        {"action": "combine", "ids": [alone.pk]},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 409


def test_the_orders_page_says_what_it_could_travel_with(
    page: Client, apart: ShipmentQuerySet
) -> None:
    numbers = list(Order.objects.order_by("pk").values_list("number", flat=True))
    url = f"/orders/{numbers[0]}/"
    assert numbers[1] not in page.get(url).content.decode()
    suggest(by=TESTER, now=timezone.now())
    shown = page.get(url).content.decode()
    assert apart[1].number in shown
    assert f"{reverse('combine')}?order={numbers[0]}" in shown


def test_more_articles_than_the_grid_has_room_for_lose_nothing(
    page: Client, make_allocated: OrderMaker
) -> None:
    parcel = plan(make_allocated(14, **LIN), by=TESTER).get()
    url = reverse("shipment-split", args=[parcel.number])
    shown = page.post(url, {"way": "ORDER"}).content.decode()
    assert 'name="parcels" value="12"' in shown
    assert "notice warn" not in shown
