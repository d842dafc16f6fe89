"""Meeting customers: found by phone, account or mail, or made; where they had it sent is kept."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from gendan.customers.meeting import Acquaintance, keep, meet, strangers, whose
from gendan.customers.models import Address, Place
from gendan.customers.queries import owners
from gendan.journal.actors import Actor
from gendan.journal.writing import entry


def find_or_make(people: Sequence[Acquaintance], *, by: Actor) -> list[int | None]:
    """Return the id of each one's customer, made if nobody knew them yet.

    Somebody without any usable phone, account or mail is nobody's customer: None.
    """
    keys = [person.keys for person in people]
    known = owners(keys)
    if not strangers(keys, known):
        return whose(keys, known)
    with entry("customer.met", by=by):
        return meet(people)


def keep_addresses(addresses: Iterable[Address], *, by: Actor, now: datetime) -> int:
    """Remember where customers had something sent, once each; return how many were new."""
    addresses = list(addresses)
    if not addresses:
        return 0
    with entry("customer.address_kept", by=by):
        return keep(map(_row, addresses), now=now)


def _row(address: Address) -> dict[str, Any]:
    names = (field.attname for field in Place._meta.fields)
    return {"customer_id": address.customer_id} | {name: getattr(address, name) for name in names}
