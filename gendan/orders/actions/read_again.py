"""The second reading: the clerk has read the essentials back, and the order becomes final."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import F
from django.utils.translation import gettext as _

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.actions.pay import NewPayment, pay
from gendan.orders.actions.tend import tend
from gendan.orders.answering import ON_THE_PHONE, note_answers
from gendan.orders.checking import demanding, note_checks
from gendan.orders.go_on import go_on
from gendan.orders.models import Answer, Order, OrderQuerySet
from gendan.orders.move import WrongStage, move
from gendan.orders.stages import Stage
from gendan.worklist.models import Item, Kind


def read_again(
    orders: OrderQuerySet,
    *,
    by: Actor,
    now: datetime,
    why: str = "",
    payments: Sequence[NewPayment] = (),
    heard: bool = True,
) -> OrderQuerySet:
    """Make draft orders final; `heard`: the customer listened and said yes.

    What is paid and agreed goes on to screening; what is not waits for its payment, or for the
    customer's word. Orders whose price a supervisor must allow stay drafts until it is allowed.

    :raises WrongStage: if any of them is no draft
    :raises CannotPay: if a payment does not fit
    """
    ids = list(orders.values_list("pk", flat=True))
    with entry("order.read_again", by=by, why=why, count=len(ids)):
        chosen = Order.objects.numbered(ids)
        if chosen.filter(stage=Stage.DRAFT).update(read_at=now) != len(ids):
            raise WrongStage(_("These orders have been read a second time already."))
        if heard:
            note_answers(ids, Answer.CONFIRMED, "", ON_THE_PHONE, by=by, now=now)
            note_checks(demanding(ids), 1, by=by, now=now)
        if payments:
            pay(payments, by=by, now=now)
        begin(chosen.exclude(pk__in=_awaiting_approval(ids)), by=by, now=now)
    return chosen


def begin(orders: OrderQuerySet, *, by: Actor, now: datetime) -> OrderQuerySet:
    """Let read orders take their first step: to payment, to the customer's word, or to screening.

    :raises WrongStage: if any of them is no draft
    """
    ids = list(orders.values_list("pk", flat=True))
    chosen = Order.objects.numbered(ids)
    unpaid = chosen.filter(stage=Stage.DRAFT, is_cod=False, paid_fen__lt=F("total_fen"))
    move(unpaid, Stage.UNPAID)
    go_on(chosen.filter(stage=Stage.DRAFT))
    tend(by=by, now=now, orders=chosen)
    return chosen


def _awaiting_approval(ids: Sequence[int]) -> list[int]:
    return list(
        Item.objects.open()
        .filter(kind=Kind.APPROVAL, subject="order", subject_id__any=list(ids))
        .values_list("subject_id", flat=True)
    )
