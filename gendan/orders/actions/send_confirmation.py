"""Sending the order back to its customer, to be confirmed (回传)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _
from procrastinate.types import JSONValue

from gendan.desk.models import Channel
from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.mailing import mail_confirmation
from gendan.orders.models import Answer, Confirmation, Order, OrderQuerySet
from gendan.orders.paper.sheets import sheets_of
from gendan.orders.queries.documents import Edition, editions
from gendan.orders.stages import Stage
from gendan.people.models import Person
from gendan.ui.errors import Refused

SENT_AT = (Stage.UNPAID, Stage.UNCONFIRMED, Stage.SCREENING, Stage.HELD)


class CannotSend(Refused):
    """There is no mail address, or nothing left to confirm."""


class StaleDocument(Refused):
    """The order was changed since somebody compared the document with it."""


@dataclass(frozen=True)
class Way:
    """How documents reach their customers; all by the id of the order.

    `to` are mail addresses (they go before the customers' own) or fax numbers; `digests` are what
    the documents said when somebody compared them with their orders.
    """

    channel: str = Channel.MAIL
    to: Mapping[int, str] = field(default_factory=dict)
    digests: Mapping[int, str] = field(default_factory=dict)


def send_confirmation(
    orders: OrderQuerySet,
    *,
    by: Actor,
    now: datetime,
    why: str = "",
    mails: Mapping[int, str] | None = None,
    way: Way | None = None,
) -> OrderQuerySet:
    """Send the orders to their customers, with a link on which they answer.

    Mails go out by a job; a link, a print or a fax is with the colleague who asks for it. A newer
    document takes the place of older ones that say something else.

    :raises CannotSend: if an order has no mail address or does not wait for the customer's word
    :raises StaleDocument: if an order says something else than was compared
    """
    way = way or Way(to=mails or {})
    with entry("order.confirmation_sent", by=by, why=why):
        rows = _locked(list(orders.values_list("pk", flat=True)))
        to = {order.pk: way.to.get(order.pk) or _own(order, way.channel) for order in rows}
        said = editions(to)
        for order in rows:
            _refuse(order, way, to[order.pk], said[order.pk])
        sent = Confirmation.objects.bulk_create(_made(rows, way, to, said, by, now))
        _replace_older(sent)
        if way.channel == Channel.MAIL:
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


def _locked(ids: Sequence[int]) -> list[Order]:
    """Lock the orders: what they say can't change until their documents are made."""
    rows = Order.objects.numbered(ids).select_related("shop", "customer").order_by("pk")
    return list(rows.select_for_update(no_key=True, of=("self",)))


def _own(order: Order, channel: str) -> str:
    if channel == Channel.MAIL:
        return order.customer.mail if order.customer else ""
    return ""


def _made(
    rows: Sequence[Order],
    way: Way,
    to: Mapping[int, str],
    said: Mapping[int, Edition],
    by: Actor,
    now: datetime,
) -> list[Confirmation]:
    sheets, mailed = sheets_of(rows), way.channel == Channel.MAIL
    return [
        Confirmation(
            order_id=order.pk,
            channel=way.channel,
            mail=to[order.pk] if mailed else "",
            to="" if mailed else to[order.pk][:60],
            digest=said[order.pk].digest,
            version=said[order.pk].version,
            sheet=sheets[order.pk],
            made_at=now,
            made_by=by if isinstance(by, Person) else None,
            sent_at=None if mailed else now,
        )
        for order in rows
    ]


def _replace_older(sent: Sequence[Confirmation]) -> None:
    """Let what says something else than a new document no longer wait for an answer."""
    orders, ids = [each.order_id for each in sent], [each.pk for each in sent]
    older = Confirmation.objects.filter(order_id__any=orders, answer=Answer.WAITING)
    older.exclude(pk__in=ids).outdated().update(answer=Answer.REPLACED)


def _refuse(order: Order, way: Way, to: str, said: Edition) -> None:
    number = {"number": order.number}
    if order.stage not in SENT_AT:
        raise CannotSend(_("Order %(number)s no longer waits for the customer's word.") % number)
    if way.channel == Channel.MAIL and "@" not in to:
        raise CannotSend(
            _("Order %(number)s has no mail address. Ask for it, or read the order back by phone.")
            % number
        )
    if way.channel == Channel.FAX and not to.strip():
        raise CannotSend(_("Write the fax number for order %(number)s.") % number)
    if way.digests.get(order.pk, said.digest) != said.digest:
        raise StaleDocument(
            _("Order %(number)s was changed since you compared it. Look at the new document.")
            % number
        )
