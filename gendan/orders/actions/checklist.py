"""Changing what is checked, and what must be."""

from typing import TypeVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from gendan.desk.filling import refuse_unknown
from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.finding import order_finder
from gendan.orders.models import CheckItem, CheckRule
from gendan.orders.telling import NAMES
from gendan.ui.errors import Refused
from gendan.ui.finding import FindingError

Kept = TypeVar("Kept", CheckItem, CheckRule)


class CannotAsk(Refused):
    """The condition can't be read, or asks what it decides itself."""


def save_check_item(item: CheckItem, *, by: Actor, why: str = "") -> CheckItem:
    """Add an item to the checklist, or change it.

    :raises CannotAsk: if its condition can't be read
    :raises UnknownBlank: if one of its texts asks for a value that orders do not have
    """
    _refuse_unreadable(item.expression)
    refuse_unknown(item.content, NAMES)
    refuse_unknown(item.say, NAMES)
    return _save(item, by=by, why=why)


def save_check_rule(rule: CheckRule, *, by: Actor, why: str = "") -> CheckRule:
    """Add a rule that says what must be checked, or change it.

    :raises CannotAsk: if its condition is missing or can't be read
    """
    if not rule.expression.strip():
        raise CannotAsk(_("Write a condition: without one, every order would wait."))
    _refuse_unreadable(rule.expression)
    return _save(rule, by=by, why=why)


def switch_checks(rows: "QuerySet[Kept]", on: bool, *, by: Actor, why: str = "") -> int:
    """Switch items or rules on or off; return how many were not so before."""
    with entry("checklist.switched_on" if on else "checklist.switched_off", by=by, why=why):
        return rows.exclude(is_on=on).update(is_on=on)


def _save(kept: Kept, *, by: Actor, why: str) -> Kept:
    verb = "checklist.changed" if kept.pk else "checklist.added"
    with entry(verb, by=by, why=why, name=kept.name):
        kept.save()
    return kept


def _refuse_unreadable(expression: str) -> None:
    try:
        order_finder.check(expression)
        asked = {field.name for field in order_finder.mentions(expression)}
    except FindingError as error:
        raise CannotAsk(error.sentence) from error
    if "unchecked" in asked:
        raise CannotAsk(_("“Must be checked first” follows from these rules; ask something else."))
