"""Search everywhere."""

import pytest
from django.test import Client
from django.utils.translation import override

from conftest import TESTER, OrderMaker
from gendan.catalog.models import Sku
from gendan.customers.models import Customer
from gendan.insight.search import search
from gendan.journal.writing import entry
from gendan.people.models import Person


@pytest.fixture
def lin(db: None) -> Customer:
    with entry("test.setup", by=TESTER):
        return Customer.objects.create(name="林一诺", phone="13900000001")


def labels(text: str, person: Person) -> list[str]:
    with override("en"):
        return [str(group.label) for group in search(text, person)]


def test_one_hit_is_gone_to_at_once(client: Client, wang: Person, make_orders: OrderMaker) -> None:
    order = make_orders(1).get()
    client.force_login(wang)
    answer = client.get("/search/", {"q": order.number.lower()})
    assert answer.headers["Location"] == f"/orders/{order.number}/"


def test_several_kinds_stand_in_groups(
    client: Client, wang: Person, make_orders: OrderMaker, lin: Customer
) -> None:
    make_orders(12)
    assert labels("13900000001", wang) == ["Orders", "Customers"]
    client.force_login(wang)
    page = client.get("/search/", {"q": "13900000001"}).content.decode()
    assert "/orders/?tab=all&amp;q=13900000001" in page
    assert "139****0001" in page


def test_everybody_finds_only_what_they_may_see(
    chen: Person, stranger: Person, make_orders: OrderMaker, lin: Customer, tea: Sku
) -> None:
    make_orders(2)
    assert labels("林一诺", chen) == ["Orders"]
    assert labels("林一诺", stranger) == []
    assert labels("龙井", stranger) == ["Goods"]


def test_nothing_found_says_what_to_try(client: Client, wang: Person) -> None:
    assert client.get("/search/").status_code == 302
    client.force_login(wang)
    for text in ("", "  ", "不存在的东西", "x" * 5000, "'; --", "%"):
        assert client.get("/search/", {"q": text}).status_code == 200
