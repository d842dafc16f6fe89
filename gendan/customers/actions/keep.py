"""The address book: written by hand, or forgotten."""

from collections.abc import Sequence

from django.db.models import QuerySet

from gendan.customers.models import Address
from gendan.journal.actors import Actor
from gendan.journal.writing import entry

COLUMNS = [
    "receiver_name",
    "receiver_phone",
    "province",
    "city",
    "district",
    "street",
    "address",
    "division",
    "zip",
    "is_default",
]


def save_addresses(addresses: Sequence[Address], *, by: Actor, why: str = "") -> Sequence[Address]:
    """Add addresses and change those that have an id; one that becomes default is the only one."""
    with entry("customer.address_saved", by=by, why=why, count=len(addresses)):
        leading = [address.customer_id for address in addresses if address.is_default]
        if leading:
            others = Address.objects.filter(customer_id__any=leading, is_default=True)
            others.update(is_default=False)
        Address.objects.bulk_create([address for address in addresses if not address.pk])
        Address.objects.bulk_update([address for address in addresses if address.pk], COLUMNS)
    return addresses


def forget_addresses(addresses: "QuerySet[Address]", *, by: Actor, why: str = "") -> int:
    """Forget addresses; orders keep theirs. Return how many."""
    with entry("customer.address_forgotten", by=by, why=why):
        return addresses.delete()[0]
