"""Saying from which warehouse orders are served."""

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.conditions import readable
from gendan.stock.models.sourcing import Sourcing, WarehouseRule


def prefer(prefers: str, *, by: Actor, why: str = "") -> Sourcing:
    """Say how a warehouse is chosen where no rule says so."""
    row = Sourcing.objects.first() or Sourcing()
    row.prefers = prefers
    with entry("sourcing.changed", by=by, why=why):
        row.save()
    return row


def save_warehouse_rule(rule: WarehouseRule, *, by: Actor, why: str = "") -> WarehouseRule:
    """Add a rule, or change it; orders are asked from the next reservation on.

    :raises CannotRead: if its condition can't be read
    """
    readable(rule.expression)
    with entry("sourcing.rule_saved", by=by, why=why, name=rule.name):
        rule.save()
    return rule


def drop_warehouse_rule(rule: WarehouseRule, *, by: Actor, why: str = "") -> None:
    """Delete a rule."""
    with entry("sourcing.rules_dropped", by=by, why=why, name=rule.name):
        rule.delete()
