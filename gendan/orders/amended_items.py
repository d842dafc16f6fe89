"""Items of the checklist that the customer called wrong: an amendment corrects them as it is done.

It follows after `complete`, whoever loads this first: what an item says of the goods includes the
gifts.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gendan.orders.amended_goods import complete as complete
from gendan.orders.amending.following import Act, Moment, Told, explain, follow
from gendan.orders.amending.sheet import CannotAmend
from gendan.orders.checking import Progress, progress_of
from gendan.orders.models import Amendment, AmendmentState, CheckItem, Mark, Order, Tick
from gendan.people.models import Person

UPSERTED = ("mark", "content", "words", "by", "at", "amendment")

explain(
    {
        "CORRECTED": Told(
            gettext_lazy("“%(item)s” counts as corrected in the check with the customer."),
            "good",
            "check",
        ),
    },
    {"item": lambda code: _named(code)},
)


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


@follow(Moment.MOVED)
def correct(act: Act) -> None:
    """Tick what these amendments correct, as far as the order says something else by now."""
    chosen = {change.amendment.pk: change for change in act.changes.values()}
    ticks = Tick.objects.filter(amendment__any=list(chosen), mark=Mark.WRONG)
    found = list(ticks.select_related("item").order_by("order", "item"))
    if not found:
        return
    progress = progress_of(Order.objects.numbered({tick.order_id for tick in found}))
    fresh = []
    for tick in found:
        if again := _again(tick, progress[tick.order_id], act):
            fresh.append(again)
            act.changes[tick.order_id].follows("CORRECTED", item=tick.item.code)
    Tick.objects.bulk_create(
        fresh,
        update_conflicts=True,
        unique_fields=["order", "round", "item"],
        update_fields=UPSERTED,
    )


def _again(wrong: Tick, progress: Progress, act: Act) -> Tick | None:
    """Return the mark for an item that says something else now; in the round that is due now."""
    asked = next((one for one in progress.items if one.item.pk == wrong.item_id), None)
    if asked is None or asked.content == wrong.content:
        return None
    return Tick(
        order_id=wrong.order_id,
        item_id=wrong.item_id,
        round=progress.round or wrong.round,
        mark=Mark.CORRECTED,
        content=asked.content,
        words=wrong.words,
        by=act.by if isinstance(act.by, Person) else None,
        at=act.now,
        amendment_id=wrong.amendment_id,
    )


def _refuse_twice(tick: Tick) -> None:
    if tick.amendment and tick.amendment.state == AmendmentState.REQUESTED:
        raise CannotAmend(
            _("“%(item)s” is being corrected already: %(amendment)s.")
            % {"item": tick.item.label, "amendment": tick.amendment.number}
        )


def _named(code: str) -> str:
    found = CheckItem.objects.filter(code=code).first()
    return found.label if found else code
