"""What the order form and the API say of goods that are short: when they come, by the netting."""

from collections.abc import Mapping
from datetime import date, datetime

from django.utils import timezone

from gendan.journal.actors import Actor
from gendan.orders.lacking import LATER, Pieces
from gendan.orders.models import Order
from gendan.stock.actions.cases import Found, open_cases
from gendan.stock.actions.early import open_early
from gendan.stock.models import FoundAt
from gendan.stock.queries.netting import HANDLING, supply


def leaves_on(wanted: Pieces) -> Mapping[int, date]:
    """Return the day on which so many pieces of each SKU can leave, behind all who wait already."""
    stock = supply(wanted, today=timezone.localdate())
    last = {
        sku: max((n for (_order, one), n in stock.through.items() if one == sku), default=0)
        for sku in wanted
    }
    days = {sku: stock.enough_on(sku, last[sku] + pieces) for sku, pieces in wanted.items()}
    return {sku: day + HANDLING for sku, day in days.items() if day}


def remember(order: Order, missing: Pieces, by: Actor, now: datetime) -> None:
    """Open a case for an order whose customer heard at once that goods are short.

    Where no day could be named, somebody asks the customer before anything is reserved.
    """
    found = [Found(order.pk, sku, pieces) for sku, pieces in missing.items()]
    if leaves_on(missing).keys() >= missing.keys():
        open_cases(found, FoundAt.ORDER, by=by, now=now)
    else:
        open_early(found, by=by, now=now)


LATER.leaves_on, LATER.remember = leaves_on, remember
