"""Items of the checklist that the customer called wrong: an amendment corrects them as it is done.

Loaded after `amended_goods`: what an item says of the goods includes the gifts.
"""

from django.utils.translation import gettext_lazy

from gendan.orders.amending.following import Act, Moment, Told, explain, follow
from gendan.orders.checking import Progress, progress_of
from gendan.orders.models import CheckItem, Mark, Order, Tick
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


def _named(code: str) -> str:
    found = CheckItem.objects.filter(code=code).first()
    return found.label if found else code
