"""Looking through texts: Chinese has no capitals, and what has some is found in any case."""

import pytest

from conftest import make_sku
from gendan.catalog.models import Sku

pytestmark = pytest.mark.django_db


def found(text: str) -> list[str]:
    rows = Sku.objects.filter(title__icontains=text).order_by("code")
    return list(rows.values_list("code", flat=True))


@pytest.mark.parametrize("text", ["龙井", "2026", "井100%"])
def test_a_text_without_capitals_is_looked_for_as_it_is(text: str) -> None:
    make_sku("TEA", "明前龙井100% 2026", 100)
    make_sku("CUP", "品茗杯", 100)

    assert found(text) == ["TEA"]
    assert "UPPER" not in str(Sku.objects.filter(title__icontains=text).query)


@pytest.mark.parametrize("text", ["vip礼", "VIP", "Vip礼盒"])
def test_letters_are_found_in_any_case(text: str) -> None:
    make_sku("TEA", "Vip礼盒", 100)
    make_sku("CUP", "礼盒", 100)

    assert found(text) == ["TEA"]
