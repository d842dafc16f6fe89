"""Changing the rules."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.screening.fields import screening_finder
from gendan.screening.models import Rule
from gendan.screening.rules import MANUAL, UNASKED
from gendan.ui.errors import Refused
from gendan.ui.finding import FindingError


class CannotRead(Refused):
    """The condition is none, or says nothing that can be asked of an order."""


def save_rule(rule: Rule, *, by: Actor, why: str = "") -> Rule:
    """Add a rule, or change it. Orders are asked from the next screening on.

    :raises CannotRead: if its condition can't be read
    """
    if rule.code not in UNASKED:
        _refuse_unreadable(rule)
    verb = "rule.changed" if rule.pk else "rule.added"
    with entry(verb, by=by, why=why, name=rule.name):
        rule.save()
    return rule


def switch(rules: "QuerySet[Rule]", on: bool, *, by: Actor, why: str = "") -> int:
    """Switch rules on or off; return how many were not so before.

    :raises CannotRead: if the condition of one that is switched on can't be read
    """
    chosen = rules.exclude(code=MANUAL).exclude(is_on=on)
    if on:
        for rule in chosen.exclude(code__in=UNASKED):
            _refuse_unreadable(rule)
    with entry("rule.switched_on" if on else "rule.switched_off", by=by, why=why):
        return chosen.update(is_on=on)


def _refuse_unreadable(rule: Rule) -> None:
    if not rule.expression.strip():
        raise CannotRead(_("Write a condition: without one, every order would be held."))
    try:
        screening_finder.check(rule.expression)
    except FindingError as error:
        raise CannotRead(error.sentence) from error
