"""Actions on the selection and on everything found."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gendan.ui.tests.listing.parcels import Parcel, Person

Make = Callable[..., list[Parcel]]
Ask = Callable[..., Any]


def marked() -> set[str]:
    return set(Parcel.objects.filter(urgent=True).values_list("number", flat=True))


def test_it_runs_on_the_selection(parcels: Make, ask: Ask, clerk: Person) -> None:
    one, two, _three = parcels({}, {}, {})
    answer = ask(
        clerk, "", {"action": "mark", "ids": [one.pk, two.pk], "why": "急", "confirmed": 1}
    )
    assert marked() == {one.number, two.number}
    assert json.loads(answer["HX-Trigger"])["toast"]["text"] == "2 marked: 急"


def test_it_asks_for_the_reason_first(parcels: Make, ask: Ask, clerk: Person) -> None:
    one = parcels({})[0]
    answer = ask(clerk, "", {"action": "mark", "ids": [one.pk]})
    assert answer["HX-Retarget"] == "#dialog-place"
    assert 'name="why"' in answer.content.decode()
    answer = ask(clerk, "", {"action": "mark", "ids": [one.pk], "why": " ", "confirmed": 1})
    assert answer.status_code == 422
    assert marked() == set()


def test_everything_found_is_found_again_on_the_server(
    parcels: Make, ask: Ask, clerk: Person
) -> None:
    parcels({"number": "A1"}, {"number": "A2"}, {"number": "B1"})
    ask(clerk, "?q=A", {"action": "mark", "everything": "1", "why": "急", "confirmed": 1})
    assert marked() == {"A1", "A2"}


def test_everything_found_is_nothing_when_the_search_is_wrong(
    parcels: Make, ask: Ask, clerk: Person
) -> None:
    parcels({})
    answer = ask(clerk, "?q=(", {"action": "mark", "everything": "1", "why": "x", "confirmed": 1})
    assert answer.status_code == 409
    assert marked() == set()


def test_rows_that_the_person_may_not_see_stay_as_they_are(
    parcels: Make, ask: Ask, clerk: Person
) -> None:
    hidden = parcels({"total_fen": -1})[0]
    post = {"action": "mark", "ids": [hidden.pk], "why": "x", "confirmed": 1}
    assert ask(clerk, "", post).status_code in (409, 422)
    assert marked() == set()


def test_a_form_is_asked_and_checked(parcels: Make, ask: Ask, clerk: Person) -> None:
    one = parcels({})[0]
    assert "with-note" in ask(clerk, "", {"action": "write", "ids": [one.pk]}).content.decode()
    post = {"action": "write", "ids": [one.pk], "confirmed": 1}
    assert ask(clerk, "", post).status_code == 422
    ask(clerk, "", {**post, "with-note": "易碎"})
    assert Parcel.objects.get().note == "易碎"


def test_a_refusal_changes_nothing_and_says_why(parcels: Make, ask: Ask, clerk: Person) -> None:
    one = parcels({})[0]
    answer = ask(clerk, "", {"action": "fail", "ids": [one.pk]})
    assert answer.status_code == 409
    assert "已经发货" in json.loads(answer.content)["detail"]
    assert Parcel.objects.get().note == ""


def test_a_colleague_without_the_right_is_refused(
    parcels: Make, ask: Ask, clerk: Person, visitor: Person
) -> None:
    one = parcels({})[0]
    for person, action in ((visitor, "mark"), (clerk, "never")):
        with pytest.raises(PermissionDenied):
            ask(person, "", {"action": action, "ids": [one.pk], "why": "x", "confirmed": 1})
    assert marked() == set()


def test_it_costs_the_same_for_1_and_for_300(parcels: Make, ask: Ask, clerk: Person) -> None:
    parcels({"number": "ONE"}, *({"number": f"M{i}"} for i in range(300)))

    def cost(q: str) -> int:
        post = {"action": "mark", "everything": "1", "why": "x", "confirmed": 1}
        with CaptureQueriesContext(connection) as queries:
            ask(clerk, f"?q={q}", post)
        return len([one for one in queries if re.search("UPDATE|ANY", str(one["sql"]))])

    assert cost("ONE") == cost("M")
