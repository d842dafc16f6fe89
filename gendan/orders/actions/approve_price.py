"""A supervisor's word on prices beyond the clerk's authority."""

from datetime import datetime

from django.utils.translation import gettext as _

from gendan.journal.writing import entry
from gendan.orders.actions.read_again import begin
from gendan.orders.models import Order, OrderQuerySet
from gendan.orders.move import WrongStage
from gendan.orders.stages import Stage
from gendan.people.access import Worker
from gendan.ui.errors import Refused
from gendan.worklist.actions import close_items
from gendan.worklist.models import Kind


class NotYours(Refused):
    """Only somebody who may sell below the floor price can allow it."""


def approve_price(
    orders: OrderQuerySet, *, by: Worker, now: datetime, why: str = ""
) -> OrderQuerySet:
    """Allow the prices; orders that have had their second reading move on.

    :raises NotYours: if `by` may not sell below the floor price
    :raises WrongStage: if any of them is no draft
    """
    ids = _deciding(orders, by)
    with entry("order.price_approved", by=by, why=why):
        chosen = _locked_drafts(ids)
        close_items([Kind.APPROVAL], "order", ids, by=by, now=now, why=why)
        begin(chosen.filter(read_at__isnull=False), by=by, now=now)
    return chosen


def refuse_price(orders: OrderQuerySet, *, by: Worker, now: datetime, why: str) -> OrderQuerySet:
    """Refuse the prices; the orders stay drafts for the clerk to write anew.

    :raises NotYours: if `by` may not sell below the floor price
    :raises WrongStage: if any of them is no draft
    """
    ids = _deciding(orders, by)
    with entry("order.price_refused", by=by, why=why):
        chosen = _locked_drafts(ids)
        close_items([Kind.APPROVAL], "order", ids, by=by, now=now, why=why)
        chosen.update(read_at=None)
    return chosen


def _deciding(orders: OrderQuerySet, by: Worker) -> list[int]:
    if not by.may("orders.below_floor"):
        raise NotYours(_("Only a supervisor may decide on these prices."))
    return list(orders.values_list("pk", flat=True))


def _locked_drafts(ids: list[int]) -> OrderQuerySet:
    chosen = Order.objects.numbered(ids)
    drafts = chosen.filter(stage=Stage.DRAFT).order_by("pk").select_for_update(no_key=True)
    if len(drafts.values_list("pk", flat=True)) != len(ids):
        raise WrongStage(_("Prices are decided while the order is a draft. Load the page again."))
    return chosen
