"""Refusing to sell to somebody, and being good again."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from gendan.customers.models import Customer
from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.ui.errors import Refused


class NoReason(Refused):
    """Nobody is blacklisted without being told why."""


def blacklist(
    customers: "QuerySet[Customer]", *, by: Actor, now: datetime, why: str
) -> "QuerySet[Customer]":
    """Blacklist customers; screening holds their orders from now on.

    :raises NoReason: if no reason is given
    """
    if not why.strip():
        raise NoReason(_("Write why: the reviewer of the next order must understand it."))
    with entry("customer.blacklisted", by=by, why=why):
        customers.update(blacklisted_at=now, blacklist_reason=why.strip()[:200])
    return customers


def forgive(customers: "QuerySet[Customer]", *, by: Actor, why: str = "") -> "QuerySet[Customer]":
    """Take customers off the blacklist."""
    with entry("customer.forgiven", by=by, why=why):
        customers.update(blacklisted_at=None, blacklist_reason="")
    return customers
