"""Lets what could go together wait for a person, and ends what has been settled."""

from datetime import datetime

from django.utils.translation import gettext as _

from gendan.journal.actors import Actor
from gendan.ui.wording import masked_name, yuan
from gendan.warehouse.actions.combine import SUBJECT
from gendan.warehouse.queries.company import combine_rules
from gendan.warehouse.queries.suggestions import Suggestion, suggestions
from gendan.worklist.actions import NewItem, finish, open_items
from gendan.worklist.models import Item, Kind

LONGEST = 120  # characters of a work item's detail


def suggest(*, by: Actor, now: datetime) -> tuple[int, int]:
    """Open work items for what could go together, close those that no longer could; count both.

    What somebody has decided to leave apart is not asked again while it stays the same.
    """
    wanted = {
        (item.subject_id, item.detail): item for item in map(_item, suggestions(combine_rules()))
    }
    ours = Item.objects.filter(kind=Kind.COMBINE, subject=SUBJECT)
    gone = [
        pk
        for pk, *what in ours.open().values_list("pk", "subject_id", "detail")
        if tuple(what) not in wanted
    ]
    closed = _close(gone, by=by, now=now)
    left_apart = ours.filter(done_by__isnull=False, subject_id__any=[pk for pk, _detail in wanted])
    decided = set(left_apart.values_list("subject_id", "detail"))
    news = [item for what, item in wanted.items() if what not in decided]
    return open_items(news, by=by, now=now), closed


def _close(gone: list[int], *, by: Actor, now: datetime) -> int:
    if not gone:
        return 0
    why = _("They went together, or no longer can.")
    return finish(Item.objects.filter(pk__any=gone), by=by, now=now, why=why)


def _item(suggestion: Suggestion) -> NewItem:
    units = suggestion.units
    return NewItem(
        kind=Kind.COMBINE,
        subject=SUBJECT,
        subject_id=suggestion.first_order,
        detail=" + ".join(unit.number for unit in units)[:LONGEST],
        facts={
            "receiver": f"{masked_name(suggestion.receiver)} {units[0].region}",
            "orders": ", ".join(suggestion.orders),
            "worth": yuan(sum(unit.fen for unit in units)),
            "weight": f"{sum(unit.grams for unit in units)} g",
        },
        shop_id=suggestion.shop_id,
        warehouse_id=suggestion.warehouse_id,
        priority=max(unit.priority for unit in units),
    )
