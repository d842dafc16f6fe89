"""What the list's address answers to somebody who looks."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from django.core.exceptions import PermissionDenied

from gendan.ui.errors import Refused
from gendan.ui.listing import saved
from gendan.ui.models import SavedSearch
from gendan.ui.tests.listing.parcels import LISTING, Parcel, Person

Make = Callable[..., list[Parcel]]
Ask = Callable[..., Any]


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def test_the_page_includes_the_very_fragment(parcels: Make, ask: Ask, visitor: Person) -> None:
    parcels({"number": "LP-1"})
    page, fragment = text_of(ask(visitor, htmx=False)), text_of(ask(visitor))
    assert "<html" in page
    assert "<html" not in fragment
    assert '<section class="list" id="list"' in page
    assert "LP-1" in fragment


def test_it_finds_and_says_how_many(parcels: Make, ask: Ask, visitor: Person) -> None:
    parcels({"number": "A1"}, {"number": "A2"}, {"number": "B1"})
    shown = text_of(ask(visitor, "?q=A"))
    assert ">A2<" in shown
    assert ">B1<" not in shown  # the form's token may hold any two letters


def test_a_tab_says_its_number_when_asked(parcels: Make, ask: Ask, visitor: Person) -> None:
    parcels({}, {"urgent": True}, {"urgent": True})
    assert text_of(ask(visitor, "?count=urgent")) == "2"


def test_a_mistake_is_underlined_where_it_is(parcels: Make, ask: Ask, visitor: Person) -> None:
    shown = text_of(ask(visitor, f"?q={quote('金额 > abc')}"))
    assert 'data-position="5" data-length="3"' in shown
    assert "<mark>abc</mark>" in shown


def test_a_search_is_never_markup(parcels: Make, ask: Ask, visitor: Person) -> None:
    parcels({"note": "<script>x</script>"})
    shown = text_of(ask(visitor, "?q=%22<script>%22"))
    assert "<script>" not in shown


def test_an_empty_list_says_what_to_do(parcels: Make, ask: Ask, visitor: Person) -> None:
    assert "没有包裹" in text_of(ask(visitor))
    assert "没有包裹" not in text_of(ask(visitor, "?q=zzz"))


def test_actions_are_offered_to_those_who_may(
    parcels: Make, ask: Ask, clerk: Person, visitor: Person
) -> None:
    parcels({})
    assert 'value="mark"' in text_of(ask(clerk))
    assert 'value="never"' not in text_of(ask(clerk))
    assert 'value="mark"' not in text_of(ask(visitor))


def test_completion_answers_as_json(parcels: Make, ask: Ask, visitor: Person) -> None:
    offers = json.loads(ask(visitor, f"?complete={quote('店铺=京 A')}&cursor=4").content)
    assert offers[0]["text"] == "店铺=京东 A"
    assert offers[0]["cursor"] == 6


def test_columns_are_remembered_for_the_person(
    parcels: Make, ask: Ask, clerk: Person, visitor: Person
) -> None:
    parcels({})
    ask(clerk, "", {"do": "columns", "column": ["number", "paid_at", "nonsense"]})
    assert "付款时间</a></th>" in text_of(ask(clerk))
    assert "付款时间</a></th>" not in text_of(ask(visitor))
    assert "店铺</a></th>" in text_of(ask(clerk, "?columns=shop"))
    ask(clerk, "", {"do": "columns"})
    assert saved.chosen_columns(LISTING, clerk) == []


def test_a_search_is_saved_shared_and_forgotten(
    parcels: Make, ask: Ask, clerk: Person, visitor: Person
) -> None:
    parcels({})
    ask(clerk, "?q=N", {"do": "save", "name": "mine"})
    ask(clerk, "?q=N000", {"do": "save", "name": "ours", "shared": "1"})
    assert [search.name for search in saved.searches(LISTING, clerk)] == ["mine", "ours"]
    assert [search.name for search in saved.searches(LISTING, visitor)] == ["ours"]
    ours = SavedSearch.objects.get(name="ours")
    ask(visitor, "", {"do": "forget", "search": str(ours.pk)})
    assert SavedSearch.objects.count() == 2
    ask(clerk, "", {"do": "forget", "search": str(ours.pk)})
    assert SavedSearch.objects.count() == 1


def test_a_search_without_a_name_is_refused(parcels: Make, clerk: Person) -> None:
    with pytest.raises(Refused):
        saved.save_search(LISTING, clerk, " ", "N", (), shared=False)


def test_the_file_is_for_those_who_may(parcels: Make, ask: Ask, visitor: Person) -> None:
    with pytest.raises(PermissionDenied):
        ask(visitor, "?export=csv")
