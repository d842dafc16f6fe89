"""The pages of gift rules."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conftest import PASSWORD, TESTER, OrderMaker, make_sku
from gendan.catalog.models import Sku
from gendan.orders.actions.give import give
from gendan.orders.models import GiftRule
from gendan.people.actions import make_key
from gendan.people.models import Person


@pytest.fixture
def client_of_zhao(zhao: Person) -> Client:
    client = Client()
    client.login(username=zhao.username, password=PASSWORD)
    return client


@pytest.fixture
def said(db: None) -> dict[str, object]:
    make_sku("CUP-01", "随手泡杯", 2900)
    return {
        "name": "满200送杯",
        "measure": "AMOUNT",
        "counts": "",
        "reach": "TIER",
        "scope": "ORDER",
        "from_at": "2026-01-01T00:00",
        "until_at": "2036-01-01T00:00",
        "limit": "100",
        "when_out": "WAIT",
        "position": "10",
        "is_on": "on",
        "expression": "province = 广东省",
        "mark": ["200", ""],
        "sku": ["CUP-01", ""],
        "quantity": ["1", "1"],
    }


def test_a_rule_is_made_on_its_page_and_gives(
    client_of_zhao: Client, said: dict[str, object], make_orders: OrderMaker, zhao: Person
) -> None:
    answer = client_of_zhao.post(reverse("gift-rule-new"), said)
    rule = GiftRule.objects.get()
    assert answer.status_code == 302
    assert list(rule.tiers.values_list("mark", "sku__code", "quantity")) == [(20000, "CUP-01", 1)]
    orders = make_orders(1)
    assert give(list(orders.values_list("pk", flat=True)), by=zhao, now=orders.get().placed_at)
    page = client_of_zhao.get(reverse("gift-rule", args=[rule.pk])).content.decode()
    assert orders.get().number in page
    shown = client_of_zhao.get(reverse("order", args=[orders.get().number])).content.decode()
    assert "满200送杯" in shown
    assert "满200送杯" in client_of_zhao.get(reverse("gift-rules")).content.decode()


def test_it_names_no_order_of_a_shop_one_does_not_see(
    client_of_zhao: Client,
    said: dict[str, object],
    make_orders: OrderMaker,
    client: Client,
    stranger: Person,
) -> None:
    client_of_zhao.post(reverse("gift-rule-new"), said)
    (order,) = make_orders(1, province="广东省")
    give([order.pk], by=TESTER, now=timezone.now())
    page = reverse("gift-rule", args=[GiftRule.objects.get().pk])
    client.force_login(stranger)

    assert order.number in client_of_zhao.get(page).content.decode()
    assert order.number not in client.get(page).content.decode()


def test_for_every_full_amount_is_chosen_on_its_page(
    client_of_zhao: Client, said: dict[str, object]
) -> None:
    every = {"reach": "EVERY", "most_times": "5", "scope": "PARCEL"}
    assert client_of_zhao.post(reverse("gift-rule-new"), {**said, **every}).status_code == 302
    rule = GiftRule.objects.get()
    assert (rule.reach, rule.most_times, rule.scope) == ("EVERY", 5, "PARCEL")
    page = client_of_zhao.get(reverse("gift-rules")).content.decode()
    assert rule.told(20000) in page


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("most_times", "3"),
        ("reach", "SOMETIMES"),
        ("sku", ["NO-SUCH"]),
        ("mark", ["plenty"]),
        ("expression", "colour of the sky = 3"),
        ("counts", "NO-STYLE"),
        ("until_at", "2020-01-01T00:00"),
        ("sku", [""]),
    ],
)
def test_what_cannot_be_kept_is_said_on_the_page(
    client_of_zhao: Client, said: dict[str, object], name: str, typed: object
) -> None:
    answer = client_of_zhao.post(reverse("gift-rule-new"), {**said, name: typed})
    assert answer.status_code == 422
    assert not GiftRule.objects.exists()


def test_it_is_tried_on_the_past(
    client_of_zhao: Client, said: dict[str, object], make_orders: OrderMaker
) -> None:
    make_orders(3)
    page = client_of_zhao.post(reverse("gift-rule-try"), said).content.decode()
    assert "3" in page
    assert "chip" in page
    wrong = client_of_zhao.post(reverse("gift-rule-try"), {**said, "name": ""})
    assert "notice bad" in wrong.content.decode()
    assert not GiftRule.objects.exists()


def test_others_may_not_change_it(li: Person, tea: Sku) -> None:
    client = Client()
    client.login(username=li.username, password=PASSWORD)
    for name in ("gift-rules", "gift-rule-new"):
        assert client.get(reverse(name)).status_code == 403
    assert client.post(reverse("gift-rule-try")).status_code == 403


def test_rules_are_kept_over_the_api(said: dict[str, object]) -> None:
    scopes = ["catalog.see", "catalog.manage"]
    _key, secret = make_key(by=TESTER, name="CRM", scopes=scopes)
    client = Client(headers={"Authorization": f"Bearer {secret}"})
    rule = {
        "name": "满200送杯",
        "from_at": "2026-01-01T00:00:00+08:00",
        "until_at": "2036-01-01T00:00:00+08:00",
        "limit": 5,
        "tiers": [{"mark": 20000, "sku": "CUP-01"}],
    }
    url = "/api/gift-rules"
    assert client.post(url, rule, content_type="application/json").status_code == 200
    often = {"reach": "EVERY", "most_times": 3, "scope": "PARCEL"}
    told = client.post(url, {**rule, **often}, content_type="application/json").json()
    assert {name: told[name] for name in often} == often
    told = client.get(url).json()
    assert (told[0]["limit"], told[0]["tiers"][0]["sku"]) == (5, "CUP-01")
    wrong = {**rule, "most_times": 3}
    assert client.post(url, wrong, content_type="application/json").status_code == 409
    wrong = {**rule, "tiers": [{"mark": 1, "sku": "NO-SUCH"}]}
    assert client.post(url, wrong, content_type="application/json").status_code == 422


def test_a_rule_is_tried_over_the_api_and_nothing_is_kept(make_orders: OrderMaker) -> None:
    _key, secret = make_key(by=TESTER, name="CRM", scopes=["catalog.manage"])
    client = Client(headers={"Authorization": f"Bearer {secret}"})
    make_sku("CUP-01", "杯", 2900, safety_stock=0)
    make_orders(3)
    rule = {
        "name": "试",
        "from_at": "2026-01-01T00:00:00+08:00",
        "until_at": "2036-01-01T00:00:00+08:00",
        "when_out": "WAIT",
        "tiers": [{"mark": 20000, "sku": "CUP-01"}],
    }
    told = client.post("/api/gift-rules/try", rule, content_type="application/json").json()
    assert (told["orders"], told["of"], told["pieces"], told["companies"]) == (3, 3, 3, None)
    assert len(told["samples"]) == 3
    assert not GiftRule.objects.exists()
