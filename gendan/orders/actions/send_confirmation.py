"""Sending the order back to its customer, to be confirmed (回传)."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _
from procrastinate.types import JSONValue

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.mailing import mail_confirmation
from gendan.orders.models import Confirmation, Order, OrderQuerySet
from gendan.orders.stages import Stage
from gendan.ui.errors import Refused

SENT_AT = (Stage.UNPAID, Stage.UNCONFIRMED)


class CannotSend(Refused):
    """There is no mail address, or nothing left to confirm."""


def send_confirmation(
    orders: OrderQuerySet,
    *,
    by: Actor,
    now: datetime,
    why: str = "",
    mails: Mapping[int, str] | None = None,
) -> OrderQuerySet:
    """Mail the orders to their customers, with a link on which they answer.

    `mails` (by the order's id) go before the customers' own addresses.

    :raises CannotSend: if an order has no mail address or does not wait for the customer's word
    """
    rows = list(orders.values_list("pk", "number", "stage", "customer__mail"))
    to = {pk: (mails or {}).get(pk) or own or "" for pk, _number, _stage, own in rows}
    for pk, number, stage, _own in rows:
        _refuse(number, stage, to[pk])
    with entry("order.confirmation_sent", by=by, why=why, count=len(rows)):
        sent = Confirmation.objects.bulk_create(
            Confirmation(order_id=pk, mail=mail) for pk, mail in to.items()
        )
        jobs: list[dict[str, JSONValue]] = [{"confirmation": each.pk} for each in sent]
        mail_confirmation.batch_defer(*jobs)
    return Order.objects.numbered(to)


def ask_by_mail(*, by: Actor, now: datetime) -> int:
    """Mail every order that waits for the customer's word and was not sent yet; return how many."""
    unasked = Order.objects.filter(
        stage=Stage.UNCONFIRMED, customer__mail__contains="@", confirmations=None
    )
    ids = list(unasked.values_list("pk", flat=True))
    return send_confirmation(Order.objects.numbered(ids), by=by, now=now).count() if ids else 0


def _refuse(number: str, stage: str, mail: str) -> None:
    if stage not in SENT_AT:
        raise CannotSend(
            _("Order %(number)s no longer waits for the customer's word.") % {"number": number}
        )
    if "@" not in mail:
        raise CannotSend(
            _("Order %(number)s has no mail address. Ask for it, or read the order back by phone.")
            % {"number": number}
        )
