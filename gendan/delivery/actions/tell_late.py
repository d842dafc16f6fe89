"""Tells people of what will be late: of the most money first, and never of more than they can see.

On a day with 20,000 late orders, nobody works through 20,000 items. The first 500 by the money at
risk are items; what is finished makes room, and who comes to risk more takes the place of who risks
less. All of them stand on the page of promises, and one item leads there.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from gendan.delivery.models import Forecast, Risk
from gendan.journal.actors import Actor
from gendan.orders.models import Order
from gendan.ui.wording import short_moment, yuan
from gendan.worklist.actions import NewItem, close_items, open_items
from gendan.worklist.clock import calendar
from gendan.worklist.kinds import TERMS
from gendan.worklist.models import Item, ItemQuerySet, Kind

AT_ONCE = 500  # what a house can look at one by one in a day
ALL, EVERYTHING = "promises", 0  # the subject of the item that leads to the page


def tell(*, by: Actor, now: datetime, orders: Sequence[int] | None = None) -> int:
    """Let a person know of what will be late, and take back what will not be; return how many.

    Whoever has finished such an item is not asked again before the risk was over.
    """
    known = Forecast.objects.all() if orders is None else Forecast.objects.filter(order__any=orders)
    over = known.filter(risk=Risk.NONE, alarmed_at__isnull=False)
    why = _("It has left, or will be in time.")
    _calm(list(over.values_list("order_id", flat=True)), why, by=by, now=now)
    first = _first(known)
    if orders is None:
        _make_room(first, by=by, now=now)
    rows = [row for row in first if row.alarmed_at is None]
    Forecast.objects.filter(pk__any=[row.pk for row in rows]).update(alarmed_at=now)
    return open_items(_items(rows, now), by=by, now=now)


def _open() -> ItemQuerySet:
    return Item.objects.open().filter(kind=Kind.LATE, subject="order")


def _first(known: "QuerySet[Forecast]") -> list[Forecast]:
    """Return what is worth most of all that nobody has dealt with."""
    told = list(_open().values_list("subject_id", flat=True))
    late = known.exclude(risk=Risk.NONE).filter(Q(alarmed_at=None) | Q(order__any=told))
    return list(late.select_related("order").order_by("-fen_at_risk", "pk")[:AT_ONCE])


def _make_room(first: Sequence[Forecast], *, by: Actor, now: datetime) -> None:
    """Take items back that others have outrun, unless somebody has taken them in hand."""
    if len(first) < AT_ONCE:
        if Item.objects.open().filter(kind=Kind.LATE, subject=ALL).exists():
            close_items([Kind.LATE], ALL, [EVERYTHING], by=by, now=now, why=_("Fewer are late."))
        return
    free = _open().filter(owner=None).exclude(subject_id__any=[row.order_id for row in first])
    outrun = list(free.values_list("subject_id", flat=True))
    _calm(outrun, _("Others risk more money: see the page of promises."), by=by, now=now)
    facts = {"why": _("More orders will be late than can be told one by one.")}
    open_items([NewItem(Kind.LATE, ALL, EVERYTHING, facts=facts)], by=by, now=now)


def _calm(orders: Sequence[int], why: str, *, by: Actor, now: datetime) -> None:
    if orders:
        Forecast.objects.filter(order__any=orders).update(alarmed_at=None)
        close_items([Kind.LATE], "order", orders, by=by, now=now, why=why)


def _items(rows: Sequence[Forecast], now: datetime) -> list[NewItem]:
    due = calendar().after(now, TERMS[Kind.LATE].minutes)
    return [_item(row, row.order, due, now) for row in rows]


def _item(row: Forecast, order: Order, due: datetime, now: datetime) -> NewItem:
    promised: Any = order.promise_at
    facts = {
        "order": order.number,
        "promised": short_moment(promised),
        "leaves": _("leaves %(at)s") % {"at": short_moment(row.forecast_ship_at)},
        "money": yuan(row.fen_at_risk),
    }
    return NewItem(
        kind=Kind.LATE,
        subject="order",
        subject_id=order.pk,
        facts=facts,
        shop_id=order.shop_id,
        warehouse_id=row.warehouse_id,
        due_at=min(due, promised) if promised > now else due,
    )
