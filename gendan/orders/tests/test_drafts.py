"""Tests of what a half-filled form keeps."""

import pytest

from gendan.orders import drafts
from gendan.orders.models import Draft
from gendan.people.models import Person

pytestmark = pytest.mark.django_db


def typed(payment: str, turn: str = "") -> dict[str, list[str]]:
    return {"key": ["k"], "payment": [payment], **({"turn": [turn]} if turn else {})}


def test_what_was_typed_before_and_arrives_late_is_not_kept(wang: Person) -> None:
    """A slow autosave once undid the payment that the clerk had chosen after it."""
    draft = drafts.save(wang, typed("TRANSFER", "1795383292913"))
    drafts.placed(draft, "A1")
    assert drafts.save(wang, typed("LATER", "1795383292100")).data["payment"] == ["TRANSFER"]
    assert Draft.objects.get().data["payment"] == ["TRANSFER"]


@pytest.mark.parametrize("turn", ["1795383292914", "", "soon", "9" * 30])
def test_what_comes_next_or_is_not_counted_is_kept(turn: str, wang: Person) -> None:
    drafts.save(wang, typed("TRANSFER", "1795383292913"))
    drafts.save(wang, typed("CASH", turn))
    assert Draft.objects.get().data["payment"] == ["CASH"]


def test_forms_do_not_wait_for_each_other(wang: Person) -> None:
    drafts.save(wang, typed("TRANSFER", "5"))
    drafts.save(wang, {**typed("CASH", "3"), "key": ["other"]})
    assert {each.data["payment"][0] for each in Draft.objects.all()} == {"TRANSFER", "CASH"}
