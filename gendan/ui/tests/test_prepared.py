"""Querysets that are made once: they find what a queryset finds, with other values each time."""

import pytest
from pytest_django import DjangoAssertNumQueries

from conftest import TESTER, make_sku
from gendan.catalog.models import Sku
from gendan.journal.models import Entry
from gendan.journal.writing import entry
from gendan.ui.prepared import Given, Prepared

pytestmark = pytest.mark.django_db

SKUS = Prepared(
    lambda: (
        Sku.objects.filter(price_fen=Given("price"), code__any=Given("codes"))
        .select_related("product")
        .order_by("code")
    )
)
ENTRIES = Prepared(lambda: Entry.objects.filter(verb=Given("verb")))


@pytest.fixture
def cups(db: None) -> list[Sku]:
    return [make_sku(f"CUP-{n}", "汝窑品茗杯", price) for n, price in enumerate((100, 100, 200), 1)]


def test_it_finds_what_the_values_say(cups: list[Sku]) -> None:
    codes = [cup.code for cup in cups]

    assert SKUS(price=100, codes=codes) == cups[:2]
    assert SKUS(price=200, codes=codes) == cups[2:]
    assert SKUS(price=200, codes=codes[:2]) == []


def test_related_rows_come_along(
    cups: list[Sku], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        (cup,) = SKUS(price=200, codes=[cups[2].code])
        assert cup.product == cups[2].product


def test_a_column_is_read_as_its_field_says() -> None:
    with entry("test.made", by=TESTER, number=7):
        pass

    assert [made.facts for made in ENTRIES(verb="test.made")] == [{"number": 7}]


def test_a_row_may_be_saved_again(cups: list[Sku]) -> None:
    (cup,) = SKUS(price=200, codes=[cups[2].code])
    cup.price_fen = 300
    with entry("test.dearer", by=TESTER):
        cup.save()

    assert SKUS(price=300, codes=[cup.code]) == [cup]
