"""Saying how carriers are chosen: rules, prices, places and standards."""

from typing import TypeVar

from django.db.models import Model

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.conditions import readable
from gendan.warehouse.models.carriage import CarrierRule

Row = TypeVar("Row", bound=Model)


def save_carrier_rule(rule: CarrierRule, *, by: Actor, why: str = "") -> CarrierRule:
    """Add a rule, or change it; parcels follow it from the next planning on.

    :raises CannotRead: if its condition can't be read
    """
    readable(rule.expression)
    with entry("carrier_rule.saved", by=by, why=why, name=rule.name):
        rule.save()
    return rule


def save_ground(row: Row, *, by: Actor, why: str = "") -> Row:
    """Add or change a price, a place that is not served, or a standard."""
    with entry("carriage.changed", by=by, why=why):
        row.save()
    return row


def drop_ground(row: Model, *, by: Actor, why: str = "") -> None:
    """Delete a rule, a price, a place that is not served, or a standard."""
    with entry("carriage.changed", by=by, why=why):
        row.delete()
