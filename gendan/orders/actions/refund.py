"""Giving money back that an order no longer costs."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, connection
from django.utils.translation import gettext as _

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.dues import due_fen
from gendan.orders.models import Order, OrderQuerySet, Payment
from gendan.orders.slips import recorded_meanwhile, refuse_twice, refuse_unreadable
from gendan.ui.errors import Refused
from gendan.ui.wording import yuan
from gendan.worklist.actions import NewItem, close_items, open_items
from gendan.worklist.models import Item, Kind

GIVE = """
UPDATE orders_order o SET refunded_fen = o.refunded_fen + n.amount
FROM (SELECT id, sum(amount) AS amount FROM unnest(%s::bigint[], %s::bigint[]) AS n (id, amount)
      GROUP BY id) n
WHERE o.id = n.id
"""


class CannotRefund(Refused):
    """More would go back than the order was paid too much, or it is recorded already."""


@dataclass(frozen=True)
class NewRefund:
    """Money that goes back; with a reference (the slip's or the gateway's) it counts once."""

    order_id: int
    method: str
    amount_fen: int
    reference: str = ""
    at: datetime | None = None


def refund(
    refunds: Sequence[NewRefund], *, by: Actor, now: datetime, why: str = ""
) -> OrderQuerySet:
    """Record money that went back to customers; what is settled waits for nobody any more.

    :raises CannotRefund: if it is more than what is due, or has no order to be of
    :raises CannotPay: if it is no amount, or recorded already
    """
    refunds = list(refunds)
    coming: Counter[int] = Counter()
    for one in refunds:
        refuse_unreadable(one.method, one.amount_fen)
        coming[one.order_id] += one.amount_fen
    total = yuan(sum(coming.values()))
    with entry("order.refunded", by=by, why=why, amount=total):
        rows = Order.objects.numbered(coming).order_by("pk").select_for_update(no_key=True)
        orders = {order.pk: order for order in rows}
        for pk, amount in coming.items():
            _refuse_more(orders.get(pk), amount)
        refuse_twice((one.method, one.reference) for one in refunds)
        _give(refunds, now)
        ask_finance(orders, by=by, now=now)
    return Order.objects.numbered(orders)


def ask_finance(orders: Iterable[int], *, by: Actor, now: datetime) -> None:
    """Let finance give back what orders (by id) were paid too much; nobody waits for what is not.

    A part of the act that changes what is due.
    """
    rows = list(Order.objects.numbered(orders))
    known = dict(
        Item.objects.open()
        .filter(kind=Kind.REFUND_DUE, subject="order", subject_id__any=[o.pk for o in rows])
        .values_list("subject_id", "facts__amount")
    )
    due = {order.pk: yuan(due_fen(order)) for order in rows if due_fen(order)}
    settled = [pk for pk, amount in known.items() if due.get(pk) != amount]
    if settled:
        why = _("settled, or another amount is due now")
        close_items([Kind.REFUND_DUE], "order", settled, by=by, now=now, why=why)
    fresh = [order for order in rows if order.pk in due and known.get(order.pk) != due[order.pk]]
    open_items([_item(order, due[order.pk]) for order in fresh], by=by, now=now)


def _item(order: Order, amount: str) -> NewItem:
    facts = {"number": order.number, "amount": amount}
    return NewItem(Kind.REFUND_DUE, "order", order.pk, facts=facts, shop_id=order.shop_id)


def _refuse_more(order: Order | None, amount_fen: int) -> None:
    if order is None:
        raise CannotRefund(_("One of the orders no longer exists. Load the page again."))
    if amount_fen > due_fen(order):
        raise CannotRefund(
            _(
                "%(due)s of order %(number)s are to go back, not %(amount)s. Change its price "
                "first if more was agreed."
            )
            % {"number": order.number, "due": yuan(due_fen(order)), "amount": yuan(amount_fen)}
        )


def _give(refunds: Sequence[NewRefund], now: datetime) -> None:
    try:
        Payment.objects.bulk_create(
            Payment(
                order_id=one.order_id,
                method=one.method,
                amount_fen=-one.amount_fen,
                reference=one.reference,
                at=one.at or now,
            )
            for one in refunds
        )
    except IntegrityError as error:  # somebody recorded the same slip in the same second
        raise recorded_meanwhile() from error
    with connection.cursor() as cursor:
        cursor.execute(GIVE, [[r.order_id for r in refunds], [r.amount_fen for r in refunds]])
