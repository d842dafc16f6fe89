"""Recording the money that came in for orders."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, connection
from django.db.models import F
from django.utils.translation import gettext as _

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.actions.tend import tend
from gendan.orders.go_on import go_on
from gendan.orders.models import Method, Order, OrderQuerySet, Payment
from gendan.orders.slips import (
    CannotPay,
    recorded_meanwhile,
    refuse_too_much,
    refuse_twice,
    refuse_unreadable,
)
from gendan.orders.stages import Stage
from gendan.ui.wording import yuan

# Money is added, and what is paid in full is promised from now on, unless a day was wished; so is
# what was paid once and had to wait again, since a change made it cost more.
ADD = """
UPDATE orders_order o SET
  paid_fen = o.paid_fen + p.amount,
  paid_at = CASE WHEN o.paid_fen + p.amount - o.refunded_fen >= o.total_fen
                 THEN coalesce(o.paid_at, p.at) ELSE o.paid_at END,
  promise_at = CASE WHEN (o.paid_at IS NULL OR o.stage = 'UNPAID') AND o.wish_on IS NULL
                     AND o.paid_fen + p.amount - o.refunded_fen >= o.total_fen AND NOT o.is_cod
                    THEN p.at + make_interval(hours => s.ship_hours) ELSE o.promise_at END
FROM (SELECT id, sum(amount) AS amount, max(at) AS at
      FROM unnest(%s::bigint[], %s::bigint[], %s::timestamptz[]) AS n (id, amount, at)
      GROUP BY id) p, people_shop s
WHERE o.id = p.id AND s.id = o.shop_id
"""


@dataclass(frozen=True)
class NewPayment:
    """Money for an order; with a reference (the slip's or the gateway's number) it counts once."""

    order_id: int
    method: str
    amount_fen: int
    reference: str = ""
    at: datetime | None = None


def pay(
    payments: Sequence[NewPayment], *, by: Actor, now: datetime, why: str = ""
) -> OrderQuerySet:
    """Record payments; what is paid in full moves on.

    :raises CannotPay: if one is too much, is recorded already, or has no order to be for
    """
    payments = list(payments)
    with entry("order.paid", by=by, why=why, **_told(payments)):
        orders = _lock(payments)
        refuse_twice((p.method, p.reference) for p in payments)
        _refuse_too_much(payments, orders)
        _add(payments, now)
        paid = Order.objects.numbered(orders)
        go_on(paid.filter(stage=Stage.UNPAID, paid_fen__gte=F("total_fen") + F("refunded_fen")))
        tend(by=by, now=now, orders=paid)
    return paid


def _told(payments: Sequence[NewPayment]) -> dict[str, str]:
    total = yuan(sum(payment.amount_fen for payment in payments))
    methods = {str(Method(p.method).label) for p in payments if p.method in Method.values}
    return {"amount": total, "method": "、".join(sorted(methods))}


def _lock(payments: Sequence[NewPayment]) -> dict[int, Order]:
    ids = {payment.order_id for payment in payments}
    rows = Order.objects.numbered(ids).order_by("pk").select_for_update(no_key=True)
    orders = {order.pk: order for order in rows}
    for payment in payments:
        order = orders.get(payment.order_id)
        if order is None:
            raise CannotPay(_("One of the orders no longer exists. Load the page again."))
        if order.stage == Stage.CANCELLED:
            raise CannotPay(
                _("Order %(number)s is cancelled. Give the money back instead.")
                % {"number": order.number}
            )
        refuse_unreadable(payment.method, payment.amount_fen)
    return orders


def _refuse_too_much(payments: Sequence[NewPayment], orders: dict[int, Order]) -> None:
    coming: dict[int, int] = defaultdict(int)
    for payment in payments:
        coming[payment.order_id] += payment.amount_fen
    for pk, amount in coming.items():
        order = orders[pk]
        left = order.total_fen - order.paid_fen + order.refunded_fen
        refuse_too_much(order.number, left, amount)


def _add(payments: Sequence[NewPayment], now: datetime) -> None:
    try:
        Payment.objects.bulk_create(
            Payment(
                order_id=payment.order_id,
                method=payment.method,
                amount_fen=payment.amount_fen,
                reference=payment.reference,
                at=payment.at or now,
            )
            for payment in payments
        )
    except IntegrityError as error:  # somebody recorded the same slip in the same second
        raise recorded_meanwhile() from error
    ids, amounts, instants = zip(
        *((p.order_id, p.amount_fen, p.at or now) for p in payments), strict=True
    )
    with connection.cursor() as cursor:
        cursor.execute(ADD, [list(ids), list(amounts), list(instants)])
