"""Items of the checklist that the customer called wrong, and the amendments that correct them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from django.utils.translation import gettext as _

from gendan.orders.amending.sheet import CannotAmend
from gendan.orders.models import Amendment, AmendmentState, Mark, Tick


def connect(amendments: Mapping[int, Amendment], corrects: Mapping[int, Sequence[int]]) -> None:
    """Let amendments (by order) correct items (by id) that are marked as wrong in their orders.

    :raises CannotAmend: if an item is not marked as wrong, or is being corrected already
    """
    wanted = {(order, item) for order, items in corrects.items() for item in items}
    if not wanted:
        return
    wrong = {
        (tick.order_id, tick.item_id): tick
        for tick in wrong_of(corrects)
        if (tick.order_id, tick.item_id) in wanted
    }
    if wanted - set(wrong):
        raise CannotAmend(_("That is not marked as wrong any more. Look at the check again."))
    for (order, _item), tick in wrong.items():
        _refuse_twice(tick)
        tick.amendment = amendments[order]
    Tick.objects.bulk_update(wrong.values(), ["amendment"])


def let_go(amendments: Iterable[int]) -> None:
    """Let items wait for another change: these amendments (by id) will not be carried out."""
    Tick.objects.filter(amendment__any=list(amendments), mark=Mark.WRONG).update(amendment=None)


def wrong_of(orders: Iterable[int]) -> Iterator[Tick]:
    """Yield what is marked as wrong in orders (by id), later rounds last."""
    ticks = Tick.objects.filter(order_id__any=list(orders), mark=Mark.WRONG)
    yield from ticks.select_related("item", "amendment").order_by("order", "round", "item")


def _refuse_twice(tick: Tick) -> None:
    if tick.amendment and tick.amendment.state == AmendmentState.REQUESTED:
        raise CannotAmend(
            _("“%(item)s” is being corrected already: %(amendment)s.")
            % {"item": tick.item.label, "amendment": tick.amendment.number}
        )
