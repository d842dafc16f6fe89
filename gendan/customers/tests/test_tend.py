"""Changing, tagging, blacklisting and unmasking customers."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from gendan.customers.actions import (
    IdentityTaken,
    blacklist,
    forgive,
    save_addresses,
    save_customers,
    tag,
    unmask,
)
from gendan.customers.actions.blacklist import NoReason
from gendan.customers.models import Address, Customer, Identity
from gendan.customers.queries import unmasked_until
from gendan.customers.tests.conftest import meet, statements
from gendan.journal.models import Change, Entry
from gendan.people.models import Person


def test_a_new_phone_is_a_name_to_be_found_by(lin: Customer, wang: Person) -> None:
    save_customers({lin.pk: {"phone": "13900000009", "remark": "moved"}}, by=wang, why="called")
    lin.refresh_from_db()
    assert (lin.phone, lin.remark) == ("13900000009", "moved")
    assert Identity.objects.filter(customer=lin, kind="PHONE").count() == 2
    assert Entry.objects.get(verb="customer.changed").why == "called"


def test_a_phone_of_somebody_else_is_refused(lin: Customer, wang: Person) -> None:
    [other] = meet(1)
    with pytest.raises(IdentityTaken, match="13900000001"):
        save_customers({other: {"phone": "13900000001", "name": "x"}}, by=wang)
    assert Customer.objects.get(pk=other).name == "林0"


def test_tags_are_added_and_taken_away_once(lin: Customer, wang: Person) -> None:
    everybody = Customer.objects.all()
    assert tag(everybody, by=wang, add=["VIP", "old", "VIP"]) == 1
    assert tag(everybody, by=wang, add=["VIP"], remove=["old"]) == 1
    assert tag(everybody, by=wang, add=["VIP"]) == 0
    lin.refresh_from_db()
    assert lin.tags == ["VIP"]


def test_nobody_is_blacklisted_without_a_reason(lin: Customer, wang: Person) -> None:
    with pytest.raises(NoReason):
        blacklist(Customer.objects.all(), by=wang, now=timezone.now(), why=" ")
    lin.refresh_from_db()
    assert lin.blacklisted_at is None


def test_a_blacklisted_customer_can_be_forgiven(lin: Customer, wang: Person) -> None:
    blacklist(Customer.objects.all(), by=wang, now=timezone.now(), why="refused three times")
    lin.refresh_from_db()
    assert lin.blacklist_reason == "refused three times"
    forgive(Customer.objects.all(), by=wang, why="paid")
    lin.refresh_from_db()
    assert (lin.blacklisted_at, lin.blacklist_reason) == (None, "")


def test_looking_is_an_act(lin: Customer, wang: Person, zhao: Person) -> None:
    now = timezone.now()
    unmask(Customer.objects.all(), by=wang, now=now, why="he calls")
    assert unmasked_until(lin, wang, now=now)
    assert not unmasked_until(lin, zhao, now=now)
    assert Entry.objects.get(verb="customer.unmasked").why == "he calls"


def test_one_address_is_the_default(lin: Customer, wang: Person) -> None:
    first, second = (Address(customer=lin, address=text, is_default=True) for text in "ab")
    save_addresses([first], by=wang)
    save_addresses([second], by=wang)
    assert list(Address.objects.filter(is_default=True)) == [second]


@pytest.mark.parametrize("act", ["save", "tag", "blacklist", "unmask"])
def test_it_costs_the_same_for_one_and_for_many(act: str, wang: Person) -> None:
    now, ids = timezone.now(), meet(61)
    acts: dict[str, Callable[[Any], object]] = {
        "save": lambda rows: save_customers(
            {row.pk: {"remark": "x", "phone": f"138{row.pk:08}"} for row in rows}, by=wang
        ),
        "tag": lambda rows: tag(rows, by=wang, add=["VIP"]),
        "blacklist": lambda rows: blacklist(rows, by=wang, now=now, why="x"),
        "unmask": lambda rows: unmask(rows, by=wang, now=now),
    }
    one = statements(lambda: acts[act](Customer.objects.filter(pk=ids[0])))
    assert statements(lambda: acts[act](Customer.objects.filter(pk__in=ids[1:]))) == one
    assert Change.objects.exists()
