"""Splits short orders by stock: what is there goes now, the rest waits; and undoes it."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.models import Order, OrderQuerySet
from gendan.orders.stages import Stage as OrderStage
from gendan.stock.actions import reserve, serve_part, unreserve, wait_whole
from gendan.stock.actions.cases import take_back_question
from gendan.stock.locking import lock
from gendan.stock.models import Rest
from gendan.stock.presold import held_back
from gendan.ui.errors import Refused
from gendan.warehouse.actions.plan import plan
from gendan.warehouse.actions.recall import recall
from gendan.warehouse.models import Shipment, ShipmentQuerySet
from gendan.warehouse.move import refuse_unless
from gendan.warehouse.stages import BEFORE_PACKING, Stage


class NothingWaits(Refused):
    """Nothing of an order waits for its goods: there is no splitting by stock to undo."""


def split_by_stock(
    orders: OrderQuerySet, *, by: Actor, now: datetime, why: str = ""
) -> ShipmentQuerySet:
    """Send now what is there of short orders; return the parcels.

    The rest follows as soon as it comes. Until then a merchandiser settles it with the customer.

    :raises WrongStage: if any of the orders is not short
    :raises NothingThere: if of any of them not a single piece is there
    :raises NotPlannable: if any of them may not be shipped
    """
    ids = sorted(set(orders.values_list("pk", flat=True)))
    with entry("order.split_by_stock", by=by, why=why, count=len(ids)):
        list(Order.objects.numbered(ids).order_by("pk").select_for_update(no_key=True))
        lock(ids)  # goods are promised, and a parcel may earn gifts
        chosen = serve_part(Order.objects.numbered(ids), by=by, now=now, why=why)
        told = _("What is there goes now: settle the rest with the customer.")
        take_back_question(ids, by=by, now=now, why=told)
        return plan(chosen, by=by, why=why)


def send_all_together(
    orders: OrderQuerySet, *, by: Actor, now: datetime, why: str = ""
) -> OrderQuerySet:
    """Undo the splitting by stock: the orders wait until everything is there.

    What was to go alone is recalled and free for others, if not all of it has come by now. Orders
    that shared a parcel are planned anew. What is presold is waited for by the whole order.

    :raises NothingWaits: if nothing of any of the orders waits
    :raises WrongStage: if any of their parcels is packed already or has left
    """
    ids = sorted(set(orders.values_list("pk", flat=True)))
    with entry("order.sent_together", by=by, why=why, count=len(ids)):
        chosen = _split_ones(ids)
        parcels = Shipment.objects.filter(lines__order__in=ids).exclude(stage=Stage.RECALLED)
        held = refuse_unless(parcels, *BEFORE_PACKING)
        told = why or _("all of the order goes together")
        recall(Shipment.objects.numbered(held), by=by, now=now, why=told)
        lock(ids)  # goods are freed and promised again, and gifts reckoned between
        unreserve(chosen, by=by, why=told)
        wait_whole(chosen, by=by, why=told)
        calling = set(ids) - held_back(ids)
        served = reserve(Order.objects.numbered(calling), by=by, now=now, why=told)
        if short := calling - set(served.values_list("pk", flat=True)):
            take_back_question(short, by=by, now=now, why=told)
    return chosen


def _split_ones(ids: Sequence[int]) -> OrderQuerySet:
    """Lock the orders; every one of them is allocated, and something of it waits."""
    chosen = Order.objects.numbered(ids)
    list(chosen.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))
    rests = Rest.objects.filter(order__any=list(ids)).values("order")
    whole = chosen.exclude(pk__in=rests, stage=OrderStage.ALLOCATED).order_by("pk").first()
    if whole:
        raise NothingWaits(
            _("Nothing of order %(number)s waits for its goods.") % {"number": whole.number}
        )
    return chosen
