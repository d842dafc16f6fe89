"""Correcting where an order goes, and whom to call, before its goods are promised."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.models import Order, OrderQuerySet
from gendan.orders.move import WrongStage
from gendan.orders.receivers import Receiver as Receiver
from gendan.orders.receivers import StillWrong as StillWrong
from gendan.orders.stages import Stage

UNTIL = (
    Stage.DRAFT,
    Stage.UNPAID,
    Stage.UNCONFIRMED,
    Stage.SCREENING,
    Stage.HELD,
    Stage.READY,
    Stage.SHORT,
)


def correct(receivers: Mapping[int, Receiver], *, by: Actor, why: str = "") -> OrderQuerySet:
    """Correct the receivers of orders (by id).

    :raises StillWrong: if a phone can't be called, or a parcel can't go to an address
    :raises WrongStage: if goods are promised to any of the orders
    """
    columns = {pk: receiver.columns for pk, receiver in receivers.items()}
    with entry("order.corrected", by=by, why=why, count=len(receivers)):
        rows = Order.objects.numbered(receivers).filter(stage__in=UNTIL).order_by("pk")
        orders = list(rows.select_for_update(no_key=True))
        if len(orders) != len(receivers):
            raise WrongStage(
                _("Goods are promised to this order already. Ask the warehouse to recall it.")
            )
        for order in orders:
            for name, value in columns[order.pk].items():
                setattr(order, name, value)
        names = {name for said in columns.values() for name in said}
        if names:
            Order.objects.bulk_update(orders, sorted(names))
    return Order.objects.numbered(receivers)
