"""Checking an order with its customer, item by item (核对)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.actions.confirm import ASKED_AT, confirm
from gendan.orders.actions.tend import tend
from gendan.orders.answering import ON_THE_PHONE, Heard, agreed_to
from gendan.orders.checking import Asked, Progress, note_checks, progress_of
from gendan.orders.go_on import let_go_on
from gendan.orders.models import Mark, Order, OrderQuerySet, Tick
from gendan.orders.move import WrongStage
from gendan.people.models import Person
from gendan.ui.errors import Refused


class NotAsked(Refused):
    """The item is not on the order's list, or says something else by now."""


class NothingWrong(Refused):
    """An item is marked as wrong without a word."""


class NotSettled(Refused):
    """Some items are neither ticked nor corrected."""


class SamePerson(Refused):
    """The second check was begun by whoever made the first one."""


@dataclass(frozen=True)
class NewMark:
    """What was found of one item; `seen` is what was read, if it must still say so."""

    order_id: int
    item_id: int
    is_right: bool = True
    words: str = ""
    seen: str | None = None


def mark(marks: Sequence[NewMark], *, by: Actor, now: datetime, why: str = "") -> OrderQuerySet:
    """Tick items, or note that they are wrong; what was wrong and is ticked now was corrected.

    :raises WrongStage: if an order is past checking
    :raises NotAsked: if an item is not asked of its order, or says something else than was read
    :raises NothingWrong: if one is wrong without a word
    :raises SamePerson: if the second check of an order is due, and the first was theirs
    """
    ids = sorted({each.order_id for each in marks})
    with entry("order.item_checked", by=by, why=why, count=len(marks)):
        progress = _locked(ids, by)
        fresh = [_tick(each, progress[each.order_id], by, now) for each in marks]
        Tick.objects.bulk_create(
            fresh,
            update_conflicts=True,
            unique_fields=["order", "round", "item"],
            update_fields=["mark", "content", "words", "by", "at"],
        )
    return Order.objects.numbered(ids)


def unmark(orders: OrderQuerySet, item_id: int, *, by: Actor, why: str = "") -> int:
    """Take the newest marks of an item back; return how many there were."""
    ids = list(orders.values_list("pk", flat=True))
    with entry("order.item_unchecked", by=by, why=why):
        rounds = {pk: one.round for pk, one in _locked(ids, by).items()}
        marked = Tick.objects.filter(order_id__any=ids, item=item_id)
        gone = [tick.pk for tick in marked if tick.round == rounds[tick.order_id]]
        return Tick.objects.filter(pk__any=gone).delete()[0]


def check(
    orders: OrderQuerySet,
    *,
    by: Actor,
    now: datetime,
    why: str = "",
    words: str = "",
    heard: Heard = ON_THE_PHONE,
) -> OrderQuerySet:
    """Finish the check of orders whose items are all settled: the customer agrees.

    The first check is the customer's word; the second one is a colleague's look at the first.
    What waited for it goes on to screening.

    :raises WrongStage: if any of them is past checking, or checked already
    :raises NotSettled: if an item is open or wrong
    :raises SamePerson: if the second check of an order is due, and the first was theirs
    """
    ids = list(orders.values_list("pk", flat=True))
    with entry("order.checked", by=by, why=why or words, count=len(ids)):
        progress = _locked(ids, by)
        for one in progress.values():
            _refuse_open(one)
        first = [pk for pk, one in progress.items() if one.round == 1]
        second = [pk for pk, one in progress.items() if one.round == 2]
        note_checks(first, 1, by=by, now=now)
        note_checks(second, 2, by=by, now=now)
        if unsaid := set(first) - agreed_to(first):
            told = Order.objects.numbered(unsaid)
            confirm(told, by=by, now=now, words=words, heard=heard)
        let_go_on(Order.objects.numbered(ids).agreed())
        tend(by=by, now=now, orders=Order.objects.numbered(ids))
    return Order.objects.numbered(ids)


def _locked(ids: Sequence[int], by: Actor) -> dict[int, Progress]:
    asked = Order.objects.numbered(ids).filter(stage__in=ASKED_AT).order_by("pk")
    if len(asked.select_for_update(no_key=True).values_list("pk", flat=True)) != len(ids):
        raise WrongStage(_("The order is past checking. Change it if something is wrong."))
    progress = progress_of(Order.objects.numbered(ids))
    for one in progress.values():
        _refuse_same(one, by)
    return progress


def _refuse_same(progress: Progress, by: Actor) -> None:
    if progress.round == 0:
        raise WrongStage(
            _("Order %(number)s is checked already.") % {"number": progress.order.number}
        )
    if progress.round == 2 and isinstance(by, Person) and progress.first_by == by:
        raise SamePerson(
            _("You made the first check of %(number)s. Ask a colleague for the second one.")
            % {"number": progress.order.number}
        )


def _refuse_open(progress: Progress) -> None:
    for one in progress.open_items[:1]:
        raise NotSettled(
            _("“%(item)s” of %(number)s is neither ticked nor corrected.")
            % {"item": one.item.label, "number": progress.order.number}
        )


def _tick(new: NewMark, progress: Progress, by: Actor, now: datetime) -> Tick:
    asked = next((one for one in progress.items if one.item.pk == new.item_id), None)
    if asked is None or new.seen not in (None, asked.content):
        raise NotAsked(_("The order says something else by now. Read it again."))
    if not new.is_right and not new.words.strip():
        raise NothingWrong(_("Write what it should be, in the customer's words."))
    return Tick(
        order=progress.order,
        item=asked.item,
        round=progress.round,
        mark=_mark(new, asked),
        content=asked.content,
        words=new.words.strip()[:500],
        by=by if isinstance(by, Person) else None,
        at=now,
    )


def _mark(new: NewMark, asked: Asked) -> Mark:
    if not new.is_right:
        return Mark.WRONG
    return Mark.CORRECTED if asked.was_wrong and not asked.mark else Mark.TICKED
