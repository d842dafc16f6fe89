"""Writing a draft order anew: the second reading found that something was not right."""

from datetime import datetime

from django.utils.translation import gettext as _

from gendan.journal.writing import entry
from gendan.orders.asking import questions
from gendan.orders.entering import add_contents, facts, refuse_wrong
from gendan.orders.models import Instruction, Line, Order, OrderQuerySet
from gendan.orders.move import WrongStage
from gendan.orders.newcomers import NewOrder, Seller, Shelf
from gendan.orders.stages import Stage
from gendan.worklist.actions import close_items
from gendan.worklist.models import Kind
from gendan.worklist.opening import let_wait


def rewrite(
    news: dict[int, NewOrder], *, by: Seller, now: datetime, why: str = ""
) -> OrderQuerySet:
    """Replace what draft orders (by id) say; their numbers stay.

    :raises CannotPlace: if anything is wrong with any of them
    :raises WrongStage: if any of them is no draft any more
    """
    shelf = Shelf.of(news.values(), by)
    refuse_wrong(list(news.values()), shelf, by)
    with entry("order.rewritten", by=by, why=why, count=len(news)):
        orders = list(
            Order.objects.numbered(news)
            .filter(stage=Stage.DRAFT)
            .order_by("pk")
            .select_for_update()
        )
        if len(orders) != len(news):
            raise WrongStage(_("Only drafts can be written anew. Nothing was changed."))
        if orders:
            _overwrite(orders, news, shelf)
        close_items([Kind.APPROVAL], "order", news, by=by, now=now, why=_("Written anew"))
        asked = questions([(order, news[order.pk]) for order in orders], shelf, by)
        let_wait(list(asked), now=now)
    return Order.objects.numbered(news)


def _overwrite(orders: list[Order], news: dict[int, NewOrder], shelf: Shelf) -> None:
    names = set()
    for order in orders:
        new = news[order.pk]
        said = facts(new, shelf)
        said["promise_at"] = shelf.promised(new, order.placed_at)
        for name, value in said.items():
            setattr(order, name, value)
        names |= set(said)
    Order.objects.bulk_update(orders, sorted(names))
    Line.objects.filter(order_id__any=list(news)).delete()
    Instruction.objects.filter(order_id__any=list(news)).delete()
    add_contents(news, shelf)
