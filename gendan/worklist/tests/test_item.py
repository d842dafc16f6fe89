from datetime import timedelta
from multiprocessing import get_context

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conftest import TESTER, person
from gendan.journal.models import Entry
from gendan.people.models import Person, Shop
from gendan.people.permissions import Role
from gendan.worklist.actions import (
    AlreadyClaimed,
    NewItem,
    WrongOwner,
    claim,
    close_items,
    escalate,
    hand_over,
    open_items,
)
from gendan.worklist.models import Item, Kind
from gendan.worklist.queries import number_waiting_for, waiting_for

NOW = timezone.now()


def held(*ids: int, **more: object) -> None:
    items = [NewItem(Kind.HELD, "order", pk, **more) for pk in ids]  # type: ignore[arg-type]
    open_items(items, by=TESTER, now=NOW)


def test_the_same_thing_waits_once(db: None) -> None:
    held(1)
    held(1, 2)
    assert Item.objects.count() == 2


def test_what_was_settled_can_wait_again(db: None) -> None:
    held(1)
    assert close_items([Kind.HELD], "order", [1], by=TESTER, now=NOW, why="released") == 1
    held(1)
    assert Item.objects.open().count() == 1


def test_it_costs_the_same_for_many(db: None) -> None:
    counts = []
    for ids in ([1], range(100, 400)):
        with CaptureQueriesContext(connection) as queries:
            held(*ids)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_everybody_sees_what_waits_for_their_role_in_their_shops(
    li: Person, wang: Person, shop: Shop
) -> None:
    elsewhere = person("zhou", "周旁店", Role.REVIEWER, shop_ids=[shop.pk + 1])
    held(1, shop_id=shop.pk)
    assert waiting_for(li).count() == number_waiting_for(li) == 1
    assert waiting_for(wang).count() == number_waiting_for(wang) == 0
    assert waiting_for(elsewhere).count() == number_waiting_for(elsewhere) == 0


def test_a_claimed_item_waits_for_its_owner_only(li: Person) -> None:
    colleague = person("zhou", "周二审", Role.REVIEWER)
    held(1)
    claim(Item.objects.all(), by=li)
    assert waiting_for(li).count() == number_waiting_for(li) == 1
    assert waiting_for(colleague).count() == number_waiting_for(colleague) == 0
    with pytest.raises(AlreadyClaimed):
        claim(Item.objects.all(), by=colleague)
    assert Item.objects.get().owner == li


def test_it_is_handed_to_those_only_who_have_the_role(li: Person, wang: Person) -> None:
    held(1)
    with pytest.raises(WrongOwner, match="王小满"):
        hand_over(Item.objects.all(), wang, by=li, why="lunch")
    assert Item.objects.get().owner is None
    hand_over(Item.objects.all(), li, by=li, why="lunch")
    assert Entry.objects.get(verb="item.handed_over").why == "lunch"


def test_what_is_overdue_goes_to_the_supervisors_once(zhao: Person) -> None:
    held(1, due_at=NOW - timedelta(minutes=1))
    held(2, due_at=NOW + timedelta(minutes=1))
    assert escalate(by=TESTER, now=NOW) == 1
    assert escalate(by=TESTER, now=NOW) == 0
    assert [item.subject_id for item in waiting_for(zhao)] == [1]


def test_the_home_page_shows_the_oldest_due_first(client: Client, li: Person) -> None:
    held(1, due_at=NOW + timedelta(hours=2), facts={"order": "LATER"})
    held(2, due_at=NOW + timedelta(hours=1), facts={"order": "SOONER"})
    client.force_login(li)
    page = client.get("/").content.decode()
    assert page.index("SOONER") < page.index("LATER")


def test_a_stranger_finds_nothing_to_finish(client: Client, stranger: Person, shop: Shop) -> None:
    held(1, shop_id=shop.pk)
    client.force_login(stranger)
    item = Item.objects.get()
    assert client.post(f"/worklist/{item.pk}/done/", {"why": "x"}).status_code == 404
    assert Item.objects.open().exists()


def test_finishing_says_who_and_how(client: Client, li: Person) -> None:
    held(1)
    client.force_login(li)
    item = Item.objects.get()
    assert client.post(f"/worklist/{item.pk}/done/", {"why": ""}).status_code == 422
    client.post(f"/worklist/{item.pk}/done/", {"why": "called the buyer"})
    item.refresh_from_db()
    assert (item.done_by, item.outcome) == (li, "called the buyer")


def _claim_alone(username: str, start: float) -> bool:
    """Run in a process of its own: claim everything at the agreed instant."""
    connection.close()
    while timezone.now().timestamp() < start:
        pass
    try:
        claim(Item.objects.open(), by=Person.objects.get(username=username))
    except AlreadyClaimed:
        return False
    return True


@pytest.mark.django_db(transaction=True)
def test_of_two_who_claim_at_once_one_wins(li: Person) -> None:
    person("zhou", "周二审", Role.REVIEWER)
    for number in range(1, 6):
        held(number)
        start = timezone.now().timestamp() + 0.5
        connection.close()
        with get_context("fork").Pool(2) as pool:
            won = pool.starmap(_claim_alone, [("li", start), ("zhou", start)])
        assert sorted(won) == [False, True]
        close_items([Kind.HELD], "order", [number], by=TESTER, now=NOW, why="next")
