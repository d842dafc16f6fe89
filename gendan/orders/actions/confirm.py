"""The customer's word on an order: all right, or what is wrong."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.actions.tend import tend
from gendan.orders.models import Answer, Confirmation, Order, OrderQuerySet
from gendan.orders.move import WrongStage, move
from gendan.orders.stages import Stage
from gendan.ui.errors import Refused
from gendan.worklist.actions import NewItem, open_items
from gendan.worklist.models import Kind

ASKED_AT = (Stage.UNPAID, Stage.UNCONFIRMED)


class NothingSaid(Refused):
    """What is wrong with the order was left out."""


def confirm(
    orders: OrderQuerySet, *, by: Actor, now: datetime, why: str = "", words: str = ""
) -> OrderQuerySet:
    """Note that the customers agree; paid orders that waited for it go on to screening.

    :raises WrongStage: if any of them is not waiting for payment or the customer's word
    """
    ids = list(orders.values_list("pk", flat=True))
    with entry("order.confirmed", by=by, why=why, count=len(ids)):
        _lock_asked(ids)
        _answer(ids, Answer.CONFIRMED, words, now)
        chosen = Order.objects.numbered(ids)
        move(chosen.filter(stage=Stage.UNCONFIRMED), Stage.SCREENING)
        tend(by=by, now=now, orders=chosen)
    return chosen


def object_to(
    orders: OrderQuerySet, *, by: Actor, now: datetime, words: str, why: str = ""
) -> OrderQuerySet:
    """Note what the customers say is wrong; a service agent must answer within minutes.

    :raises NothingSaid: without their words
    :raises WrongStage: if any of them is not waiting for payment or the customer's word
    """
    if not words.strip():
        raise NothingSaid(_("Write what is wrong, so that we can put it right."))
    ids = list(orders.values_list("pk", flat=True))
    with entry("order.objected", by=by, why=why or words, count=len(ids)):
        _lock_asked(ids)
        _answer(ids, Answer.OBJECTED, words, now)
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


def _lock_asked(ids: Sequence[int]) -> None:
    asked = Order.objects.numbered(ids).filter(stage__in=ASKED_AT).order_by("pk")
    if len(asked.select_for_update(no_key=True).values_list("pk", flat=True)) != len(ids):
        raise WrongStage(_("The order no longer waits for the customer's word."))


def _answer(ids: Sequence[int], answer: Answer, words: str, now: datetime) -> None:
    """Answer what was sent to the customer; what was never sent is noted as told by phone."""
    waiting = Confirmation.objects.filter(order_id__any=list(ids), answer=Answer.WAITING)
    sent = set(waiting.values_list("order_id", flat=True))
    waiting.update(answer=answer, answered_at=now, words=words)
    Confirmation.objects.bulk_create(
        Confirmation(order_id=pk, answer=answer, answered_at=now, words=words)
        for pk in ids
        if pk not in sent
    )
