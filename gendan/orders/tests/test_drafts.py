"""Tests of what a half-filled form keeps."""

from datetime import timedelta

import pytest
from django.utils import timezone

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


def test_what_arrives_after_the_order_is_final_leaves_no_draft(wang: Person) -> None:
    """A slow autosave once came back as a draft of an order that was final."""
    draft = drafts.save(wang, typed("TRANSFER", "1795383292913"))
    drafts.placed(draft, "A1")
    drafts.final("A1")

    drafts.save(wang, typed("LATER", "1795383292100"))

    assert not drafts.drafts_of(wang).exists()
    assert set(Draft.objects.get().data) == {"key", "turn"}  # nothing of the customer stays


def test_what_is_typed_later_into_the_same_form_begins_anew(wang: Person) -> None:
    drafts.placed(drafts.save(wang, typed("TRANSFER", "5")), "A1")
    drafts.final("A1")

    drafts.save(wang, typed("CASH", "6"))

    assert drafts.drafts_of(wang).get().data == typed("CASH", "6")


def test_a_draft_that_is_thrown_away_does_not_come_back(wang: Person, zhao: Person) -> None:
    draft = drafts.save(wang, typed("TRANSFER", "5"))
    drafts.discard(zhao, draft.pk)
    assert drafts.drafts_of(wang).exists()

    drafts.discard(wang, draft.pk)
    drafts.save(wang, typed("LATER", "4"))

    assert not drafts.drafts_of(wang).exists()


def test_a_final_order_needs_nobody_s_draft(wang: Person, zhao: Person) -> None:
    for person, key in ((wang, "mine"), (zhao, "theirs")):
        drafts.placed(drafts.save(person, {**typed("CASH"), "key": [key]}), "A1")

    drafts.final("A1")

    assert not drafts.drafts_of(wang).exists()
    assert not drafts.drafts_of(zhao).exists()


def test_what_is_over_is_soon_forgotten_and_the_rest_after_a_month(wang: Person) -> None:
    drafts.discard(wang, drafts.save(wang, typed("TRANSFER")).pk)
    drafts.save(wang, {**typed("CASH"), "key": ["other"]})

    drafts.forget_old(timezone.now() + timedelta(days=2))
    assert Draft.objects.get().data["key"] == ["other"]

    drafts.forget_old(timezone.now() + timedelta(days=31))
    assert not Draft.objects.exists()
