"""Sets on pages, from files and over the API."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from conftest import PASSWORD, TESTER, make_sku
from gendan.catalog.actions.save_set import save_sets
from gendan.catalog.imports import take_goods
from gendan.catalog.models import SetPart, Sku
from gendan.catalog.queries import skus
from gendan.catalog.sets import read_parts, written_parts
from gendan.people.models import Person, Warehouse
from gendan.stock.actions import Goods, receive
from gendan.ui.importing import ImportRow
from gendan.ui.importing.cells import BadCell


@pytest.fixture
def box(tea: Sku, bag: Sku) -> Sku:
    return make_sku("BOX-01", "茶礼盒", 49900)


def made(box: Sku) -> dict[str, int]:
    return dict(SetPart.objects.filter(set=box).values_list("part__code", "quantity"))


def client_of(person: Person) -> Client:
    client = Client()
    client.login(username=person.username, password=PASSWORD)
    return client


def test_parts_are_read_as_they_are_written() -> None:
    parts = {"TEA-01": 2, "CUP-01": 1}
    assert read_parts(written_parts(parts)) == parts
    assert read_parts("TEA-01×2；CUP-01") == parts
    for wrong in ("TEA-01*0", "TEA 01 02", "TEA-01; TEA-01"):
        with pytest.raises(BadCell):
            read_parts(wrong)


def test_as_many_sets_are_free_as_the_parts_make(
    box: Sku, tea: Sku, bag: Sku, hangzhou: Warehouse
) -> None:
    receive([Goods(tea.pk, 7), Goods(bag.pk, 100)], hangzhou, by=TESTER)
    save_sets({box.pk: {tea.pk: 2, bag.pk: 1}}, by=TESTER)
    free = {sku.code: vars(sku)["free"] for sku in skus()}
    assert free == {"TEA-01": 7, "BAG-01": 100, "BOX-01": 3}


def test_a_sku_with_stock_cannot_become_a_set(
    box: Sku, tea: Sku, hangzhou: Warehouse, zhao: Person
) -> None:
    receive([Goods(box.pk, 1)], hangzhou, by=TESTER)
    url = reverse("sku-parts", args=[box.pk])
    client_of(zhao).post(url, {"sku": ["TEA-01"], "quantity": ["2"]})
    assert made(box) == {}


def test_the_page_saves_parts_and_says_what_is_wrong(box: Sku, zhao: Person, li: Person) -> None:
    url, client = reverse("sku-parts", args=[box.pk]), client_of(zhao)
    said = {"sku": ["TEA-01", "BAG-01", ""], "quantity": ["2", "1", "1"], "why": "新礼盒"}
    assert client.post(url, said).status_code == 302
    assert made(box) == {"TEA-01": 2, "BAG-01": 1}
    shown = client.get(reverse("sku", args=[box.pk])).content.decode()
    assert "TEA-01" in shown
    client.post(url, {"sku": ["NO-SUCH"], "quantity": ["2"]})
    client.post(url, {"sku": ["TEA-01"], "quantity": ["0"]})
    assert made(box) == {"TEA-01": 2, "BAG-01": 1}
    assert client_of(li).post(url, {"sku": [], "quantity": []}).status_code == 403


def test_a_file_says_what_is_in_a_set(box: Sku, zhao: Person) -> None:
    rows: list[dict[str, Any]] = [
        {"code": "BOX-01", "title": "茶礼盒", "price_fen": 100, "parts": {"TEA-01": 2}},
        {"code": "BOX-02", "title": "坏礼盒", "price_fen": 100, "parts": {"NO-SUCH": 2}},
        {"code": "BOX-03", "title": "套娃", "price_fen": 100, "parts": {"BOX-01": 1}},
    ]
    outcome = take_goods([ImportRow(n, row) for n, row in enumerate(rows, 2)], by=zhao)
    assert made(box) == {"TEA-01": 2}
    assert {mistake.number for mistake in outcome.mistakes} == {3, 4}


@pytest.mark.parametrize("number", [1, 300])
def test_taking_300_parts_out_costs_as_many_statements_as_one(
    box: Sku, number: int, django_assert_max_num_queries: Any
) -> None:
    parts = {make_sku(f"PART-{n}", "part").pk: 1 for n in range(number)}
    save_sets({box.pk: parts}, by=TESTER)
    with django_assert_max_num_queries(12):
        save_sets({box.pk: {}}, by=TESTER)
    assert not SetPart.objects.exists()
