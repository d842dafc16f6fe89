"""Letting orders wait for a person, and no longer than they have to."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from gendan.journal.actors import Actor
from gendan.orders.actions.send_confirmation import ask_by_mail
from gendan.orders.actions.stop_chasing import stop_chasing
from gendan.orders.asking import OPENS_AT, waits
from gendan.orders.chasing import HELD_OUT, UNDRAWN
from gendan.orders.models import Order, OrderQuerySet
from gendan.orders.stages import Stage
from gendan.worklist.actions import close_items, open_items
from gendan.worklist.models import Item, Kind

# While an order is at one of the stages, the item may stay open.
WAITS_AT: dict[Kind, tuple[Stage, ...]] = {
    Kind.UNPAID: (Stage.UNPAID,),
    Kind.UNCONFIRMED: (Stage.UNCONFIRMED,),
    Kind.OBJECTION: (Stage.UNPAID, Stage.UNCONFIRMED),
    Kind.APPROVAL: (Stage.DRAFT,),
    Kind.CHASE: (Stage.UNPAID,),
}


def tend(*, by: Actor, now: datetime, orders: OrderQuerySet | None = None) -> int:
    """Open and close the work items of orders before screening; return how many.

    Without `orders` all of them are looked at, which is what `advance` does now and then; customers
    with a mail address who were not asked yet are asked then, too.
    """
    if orders is None:
        ask_by_mail(by=by, now=now)
    ids = None if orders is None else list(orders.values_list("pk", flat=True))
    stop_chasing(by=by, now=now, orders=ids)
    return _open(by, now, orders) + _close(by, now, orders)


def _open(by: Actor, now: datetime, orders: OrderQuerySet | None) -> int:
    waiting = Order.objects.filter(stage__in=OPENS_AT) if orders is None else orders
    rows = waiting.filter(~HELD_OUT & ~UNDRAWN, stage__in=OPENS_AT).only(
        "number", "stage", "shop", "priority", "total_fen"
    )
    known = set(
        Item.objects.open()
        .filter(kind__in=OPENS_AT.values(), subject="order")
        .values_list("kind", "subject_id")
        if orders is None
        else ()
    )
    items = [item for order in rows for item in waits(order) if (item.kind, order.pk) not in known]
    return open_items(items, by=by, now=now)


def _close(by: Actor, now: datetime, orders: OrderQuerySet | None) -> int:
    open_now = Item.objects.open().filter(kind__in=WAITS_AT, subject="order")
    if orders is not None:
        open_now = open_now.filter(subject_id__in=orders.values("pk"))
    about = list(open_now.values_list("kind", "subject_id"))
    asked = Order.objects.numbered({order for _kind, order in about}).annotate(held=HELD_OUT)
    rows = list(asked.values_list("pk", "stage", "held"))
    stages = {pk: stage for pk, stage, _held in rows}
    held = [pk for pk, _stage, is_held in rows if is_held]
    why = _("Held out: nobody chases it, by which we measure what chasing brings")
    left = close_items([Kind.UNPAID], "order", held, by=by, now=now, why=why) if held else 0
    return left + sum(
        close_items([kind], "order", settled, by=by, now=now, why=_("The order moved on"))
        for kind, at in WAITS_AT.items()
        if (settled := _settled(about, kind, stages, at))
    )


def _settled(
    about: Iterable[tuple[str, int]], kind: Kind, stages: dict[int, str], at: tuple[Stage, ...]
) -> list[int]:
    return [order for of, order in about if of == kind and stages.get(order) not in at]
