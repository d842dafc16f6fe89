"""Changing what is known of customers; who they are to the channels follows."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from gendan.customers.meeting import Acquaintance
from gendan.customers.models import Customer, Identity
from gendan.customers.queries import Key, owners
from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.ui.errors import Refused
from gendan.ui.importing import Upserted, upsert


class IdentityTaken(Refused):
    """A phone or mail belongs to another customer."""


def save_customers(
    values: Mapping[int, Mapping[str, Any]], *, by: Actor, why: str = ""
) -> Upserted:
    """Change customers (by id) to what is said of them; what is not mentioned stays.

    :raises IdentityTaken: if a phone or mail belongs to somebody else
    """
    with entry("customer.changed", by=by, why=why, count=len(values)):
        _learn(values)
        return upsert(Customer, ("id",), [{"id": pk, **said} for pk, said in values.items()])


def _learn(values: Mapping[int, Mapping[str, Any]]) -> None:
    """Keep new phones and mails as names by which the customers are found."""
    keys: dict[Key, int] = {}
    for pk, said in values.items():
        met = Acquaintance(phone=said.get("phone", ""), mail=said.get("mail", ""))
        keys.update((key, pk) for key in met.keys)
    there = owners([list(keys)])
    for key, pk in keys.items():
        if there.get(key, pk) != pk:
            raise IdentityTaken(
                _("%(value)s belongs to another customer. Find them by it and use their page.")
                % {"value": key[2]}
            )
    Identity.objects.bulk_create(
        Identity(customer_id=pk, kind=key[0], scope=key[1], value=key[2])
        for key, pk in keys.items()
        if key not in there
    )
