"""The customer's word on an order: all right, or what is wrong."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from gendan.journal.actors import Actor, Customer
from gendan.journal.writing import entry
from gendan.orders.actions.tend import tend
from gendan.orders.answering import ON_THE_PHONE, Heard, agreed_to, note_answers
from gendan.orders.checking import note_checks
from gendan.orders.go_on import let_go_on
from gendan.orders.models import Answer, Order, OrderQuerySet
from gendan.orders.move import WrongStage
from gendan.orders.stages import Stage
from gendan.ui.errors import Refused
from gendan.worklist.actions import NewItem, open_items
from gendan.worklist.models import Kind

WAITS_AT = (Stage.UNPAID, Stage.UNCONFIRMED)
ASKED_AT = (*WAITS_AT, Stage.SCREENING, Stage.HELD)


class NothingSaid(Refused):
    """What is wrong with the order was left out."""


def confirm(
    orders: OrderQuerySet,
    *,
    by: Actor,
    now: datetime,
    why: str = "",
    words: str = "",
    heard: Heard = ON_THE_PHONE,
) -> OrderQuerySet:
    """Note that the customers agree; paid orders that waited for it go on to screening.

    What must be checked first waits until it is. A customer who answers alone has checked it.

    :raises WrongStage: if any of them is not waiting for payment or the customer's word
    :raises AlreadyAnswered: if a document that they had before them was answered or replaced
    :raises OutdatedDocument: if the order was changed since that document was made
    """
    ids = list(orders.values_list("pk", flat=True))
    with entry("order.confirmed", by=by, why=why, count=len(ids)):
        _lock_asked(ids)
        _refuse_agreed(ids)
        note_answers(ids, Answer.CONFIRMED, words, heard, by=by, now=now)
        if isinstance(by, Customer):
            note_checks(ids, 1, by=by, now=now)
        chosen = Order.objects.numbered(ids)
        let_go_on(chosen)
        tend(by=by, now=now, orders=chosen)
    return chosen


def object_to(
    orders: OrderQuerySet,
    *,
    by: Actor,
    now: datetime,
    words: str,
    why: str = "",
    heard: Heard = ON_THE_PHONE,
) -> OrderQuerySet:
    """Note what the customers say is wrong; a service agent must answer within minutes.

    :raises NothingSaid: without their words
    :raises WrongStage: if any of them is not waiting for payment or the customer's word
    :raises AlreadyAnswered: if a document that they had before them was answered or replaced
    """
    if not words.strip():
        raise NothingSaid(_("Write what is wrong, so that we can put it right."))
    ids = list(orders.values_list("pk", flat=True))
    with entry("order.objected", by=by, why=why or words, count=len(ids)):
        _lock_asked(ids)
        note_answers(ids, Answer.OBJECTED, words, heard, by=by, now=now)
        rows = Order.objects.numbered(ids).only("number", "shop")
        items = [
            NewItem(
                Kind.OBJECTION,
                "order",
                order.pk,
                facts={"number": order.number, "words": words},
                shop_id=order.shop_id,
            )
            for order in rows
        ]
        open_items(items, by=by, now=now)
    return Order.objects.numbered(ids)


def _refuse_agreed(ids: Sequence[int]) -> None:
    """Past the stages that wait for it, the customer's word is taken once for what stands there."""
    past = Order.objects.numbered(agreed_to(ids)).exclude(stage__in=WAITS_AT)
    if past.exists():
        raise WrongStage(_("The order no longer waits for the customer's word."))


def _lock_asked(ids: Sequence[int]) -> None:
    asked = Order.objects.numbered(ids).filter(stage__in=ASKED_AT).order_by("pk")
    if len(asked.select_for_update(no_key=True).values_list("pk", flat=True)) != len(ids):
        raise WrongStage(_("The order no longer waits for the customer's word."))
