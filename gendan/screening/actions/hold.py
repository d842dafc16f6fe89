"""Holding orders by hand."""

from datetime import datetime

from django.utils.translation import gettext as _

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.models import Order, OrderQuerySet
from gendan.orders.move import WrongStage
from gendan.orders.stages import Stage
from gendan.screening.models import Hold, Review, Rule, Severity
from gendan.screening.onward import hold_back
from gendan.screening.rules import MANUAL, install_rules
from gendan.ui.errors import Refused

STAGES = (Stage.SCREENING, Stage.HELD, Stage.READY, Stage.SHORT)


class NoReason(Refused):
    """An order is not held without saying why."""


def hold(orders: OrderQuerySet, *, by: Actor, now: datetime, why: str) -> OrderQuerySet:
    """Keep orders from going on until a colleague clears the hold.

    :raises NoReason: if none is given
    :raises WrongStage: if goods are promised to any of them already, or it is not paid yet
    """
    if not why.strip():
        raise NoReason(_("Say what the order waits for."))
    install_rules(by=by)
    with entry("order.held", by=by, why=why):
        ids = list(orders.values_list("pk", flat=True))
        chosen = Order.objects.numbered(ids)
        rows = chosen.filter(stage__in=STAGES).order_by("pk").select_for_update(no_key=True)
        if len(rows) != len(ids):
            raise WrongStage(
                _("Only orders between payment and reservation can be held. Nothing was changed.")
            )
        _put(ids, by, now, why)
        hold_back(dict.fromkeys(ids, Review.SERVICE), by=by, now=now)
    return chosen


def _put(ids: list[int], by: Actor, now: datetime, why: str) -> None:
    rule = Rule.objects.get(code=MANUAL)
    held = Hold.objects.filter(order_id__any=ids, rule=rule, cleared_at=None)
    already = set(held.values_list("order_id", flat=True))
    Hold.objects.bulk_create(
        Hold(
            order_id=pk,
            rule=rule,
            severity=Severity.BLOCK,
            evidence={"why": why, "by": by.actor_name},
            placed_at=now,
        )
        for pk in ids
        if pk not in already
    )
