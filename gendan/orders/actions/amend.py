"""Changing orders at any stage (改单): asked for, tried, and carried out whole or not at all."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.actions.refund import ask_finance
from gendan.orders.actions.tend import tend
from gendan.orders.amending import rules
from gendan.orders.amending.carrying import Preview as Preview
from gendan.orders.amending.carrying import WrongState as WrongState
from gendan.orders.amending.carrying import (
    carry_out,
    changes_of,
    make,
    orders_of,
    versions_of,
)
from gendan.orders.amending.sheet import CannotAmend as CannotAmend
from gendan.orders.amending.wanted import Action, written
from gendan.orders.corrections import connect, let_go
from gendan.orders.models import Amendment, AmendmentQuerySet, AmendmentState, AskedBy, Cause, Order
from gendan.orders.newcomers import Seller
from gendan.people.models import Person
from gendan.people.permissions import Role
from gendan.ui.errors import Refused
from gendan.worklist.actions import NewItem, close_items, open_items
from gendan.worklist.models import Kind

SUBJECT = "amendment"
NAMED = 5  # orders that an entry names


class ChangedMeanwhile(Refused):
    """What would follow is not what was shown: the order, its goods or its parcels have changed."""


@dataclass(frozen=True)
class NewAmendment:
    """What somebody wants changed in an order; `undoes` an amendment (by id) that it takes back.

    `corrects` are items of its checklist (by id) that the customer called wrong.
    """

    order_id: int
    wanted: Sequence[Action]
    asked_by: str = AskedBy.CLERK
    cause: str = Cause.OTHER
    words: str = ""
    undoes: int | None = None
    corrects: Sequence[int] = ()


def request(
    news: Iterable[NewAmendment], *, by: Actor, now: datetime, why: str = ""
) -> AmendmentQuerySet:
    """Note what is wanted; a colleague with the right decides. Orders stay as they are.

    :raises CannotAmend: if something does not fit an order, or changes nothing, or waits for a
        decision already, or an item that is to be corrected is not marked as wrong
    """
    news = list(news)
    orders = {o.pk: o for o in orders_of([new.order_id for new in news])}
    if len(orders) != len({new.order_id for new in news}):
        raise CannotAmend(_("One of the orders no longer exists. Load the page again."))
    versions = versions_of(orders)
    rows = [_row(new, orders[new.order_id], versions[new.order_id], by, now) for new in news]
    role = _try(rows, orders, by)
    with entry("amendment.requested", by=by, why=why, order=_named(orders.values())):
        _refuse_twice(rows)
        ids = [row.pk for row in Amendment.objects.bulk_create(rows)]
        connect({row.order_id: row for row in rows}, {n.order_id: n.corrects for n in news})
        made = Amendment.objects.numbered(ids)  # read again: PostgreSQL has numbered them
        open_items([_item(row, orders, role) for row in made], by=by, now=now)
    return Amendment.objects.numbered(ids)


def preview(amendments: AmendmentQuerySet, *, by: Seller, now: datetime) -> dict[int, Preview]:
    """Return what would come of amendments (by id): the act itself, undone.

    :raises WrongState: if any of them has been decided already
    :raises CannotAmend: if one can't be carried out
    """
    with transaction.atomic():
        with entry("order.amended", by=by):
            previews = _done(_ids(amendments), by=by, now=now)
        transaction.set_rollback(True)
    return previews


def confirm(
    amendments: AmendmentQuerySet,
    *,
    by: Seller,
    now: datetime,
    why: str = "",
    seen: Mapping[int, str] | None = None,
) -> AmendmentQuerySet:
    """Carry out amendments with everything that follows, all of them or none.

    `seen` are the digests of their previews (by id). Who has not looked needs an order that is
    still as it was when the amendment was asked for.

    :raises WrongState: if any of them has been decided already
    :raises CannotAmend: if one can't be carried out where its order is now
    :raises BeyondAuthority: if a price needs a supervisor
    :raises ChangedMeanwhile: if something else would follow than was seen
    """
    ids = _ids(amendments)
    named = _named(Order.objects.filter(amendments__in=ids))
    with entry("order.amended", by=by, why=why, order=named):
        previews = _done(ids, by=by, now=now, why=why)
        versions = versions_of([one.amendment.order_id for one in previews.values()])
        for pk, found in previews.items():
            _refuse_unseen(found, (seen or {}).get(pk), versions[found.amendment.order_id])
        _record(previews, versions, by=by, now=now, why=why)
    return Amendment.objects.numbered(ids)


def decline(
    amendments: AmendmentQuerySet, *, by: Actor, now: datetime, why: str
) -> AmendmentQuerySet:
    """Say no to what was asked for, with a reason.

    :raises CannotAmend: without a reason
    :raises WrongState: if any of them has been decided already
    """
    if not why.strip():
        raise CannotAmend(_("Say why: whoever asked will want to know."))
    with entry("amendment.declined", by=by, why=why):
        return _decide(amendments, AmendmentState.DECLINED, by=by, now=now, why=why)


def withdraw(
    amendments: AmendmentQuerySet, *, by: Actor, now: datetime, why: str = ""
) -> AmendmentQuerySet:
    """Take back what was asked for: it is not wanted any more.

    :raises WrongState: if any of them has been decided already
    """
    with entry("amendment.withdrawn", by=by, why=why):
        return _decide(amendments, AmendmentState.WITHDRAWN, by=by, now=now, why=why)


def told_platform(
    amendments: AmendmentQuerySet, *, by: Actor, now: datetime, why: str = ""
) -> AmendmentQuerySet:
    """Say that the platform knows of the changes.

    :raises WrongState: if it has to be told of none of them, or knows already
    """
    ids, said = _ids(amendments), why or _("the platform knows")
    with entry("amendment.platform_told", by=by, why=why):
        if not close_items([Kind.TELL_PLATFORM], SUBJECT, ids, by=by, now=now, why=said):
            raise WrongState(_("Nobody has to tell the platform of this any more."))
    return Amendment.objects.numbered(ids)


def _row(new: NewAmendment, order: Order, version: int, by: Actor, now: datetime) -> Amendment:
    return Amendment(
        order=order,
        shop_id=order.shop_id,
        asked_by=new.asked_by,
        cause=new.cause,
        words=new.words.strip()[:500],
        wanted=written(new.wanted),
        base=version,
        undoes_id=new.undoes,
        owner_id=colleague(by=by),
        requested_by=by.actor_name[:80],
        requested_at=now,
    )


def colleague(*, by: Actor) -> int | None:
    """Return who acts, by id, if it is a colleague."""
    return by.pk if isinstance(by, Person) else None


def _try(rows: Sequence[Amendment], orders: Mapping[int, Order], by: Actor) -> Role | None:
    """Make the changes in memory; return whose work they are if not everybody's who amends.

    :raises CannotAmend: if something does not fit
    """
    rules.refuse_over(orders.values())
    changes = changes_of(rows, orders)
    for change in changes.values():
        make(change)
    may = getattr(by, "may", None)
    seller: Any = by
    if may and any(rules.beyond(change, seller) for change in changes.values()):
        return Role.SUPERVISOR
    return None


def _refuse_twice(rows: Sequence[Amendment]) -> None:
    """Refuse what waits for a decision already: somebody has sent the same form twice.

    The orders are locked, so that of two at once the slower one sees the other.
    """
    ids = [row.order_id for row in rows]
    list(Order.objects.numbered(ids).order_by("pk").select_for_update(no_key=True).values("pk"))
    waiting: dict[int, list[Amendment]] = defaultdict(list)
    for one in Amendment.objects.open().filter(order_id__any=ids).order_by("pk"):
        waiting[one.order_id].append(one)
    for row in rows:
        if again := next((o for o in waiting[row.order_id] if o.wanted == row.wanted), None):
            raise CannotAmend(
                _("The same is asked for already: %s. Decide on that one.") % again.number
            )


def _item(row: Amendment, orders: Mapping[int, Order], role: Role | None) -> NewItem:
    order = orders[row.order_id]
    facts = {"number": row.number, "order": order.number, "words": row.words}
    more = {"facts": facts, "priority": order.priority, "role": role}
    return NewItem.at(row, Kind.AMENDMENT, SUBJECT, row.pk, **more)


def _done(ids: Sequence[int], *, by: Seller, now: datetime, why: str = "") -> dict[int, Preview]:
    """Carry amendments out, and let people wait for what they have to do about it."""
    previews = carry_out(ids, by=by, now=now, why=why)
    orders = [found.amendment.order_id for found in previews.values()]
    tend(by=by, now=now, orders=Order.objects.numbered(orders))
    ask_finance(orders, by=by, now=now)
    return previews


def _refuse_unseen(found: Preview, seen: str | None, version: int) -> None:
    if seen is None and version == found.amendment.base:
        return
    if seen is None or seen != found.digest:
        raise ChangedMeanwhile(
            _(
                "Something has changed since you looked at order %(order)s: something else would "
                "follow now. Look at the preview again, then confirm."
            )
            % {"order": found.amendment.order.number}
        )


def _record(
    previews: Mapping[int, Preview],
    versions: Mapping[int, int],
    *,
    by: Actor,
    now: datetime,
    why: str,
) -> None:
    rows = []
    for found in previews.values():
        row = found.amendment
        row.state, row.version = AmendmentState.CONFIRMED, versions[row.order_id] + 1
        row.before, row.after = found.before, found.after
        row.consequences = [consequence.written() for consequence in found.consequences]
        row.difference_fen = found.difference_fen
        row.decided_by, row.decided_at, row.why = by.actor_name[:80], now, why[:500]
        row.owner_id = row.owner_id or colleague(by=by)
        rows.append(row)
    Amendment.objects.bulk_update(
        rows,
        [
            *("state", "version", "before", "after", "consequences", "difference_fen"),
            *("owner", "decided_by", "decided_at", "why"),
        ],
    )
    done = [row.pk for row in rows]
    close_items([Kind.AMENDMENT], SUBJECT, done, by=by, now=now, why=why or _("carried out"))
    ask_to_tell(rows, by=by, now=now)


def ask_to_tell(rows: Iterable[Amendment], *, by: Actor, now: datetime) -> None:
    """Let somebody tell the platforms of what was carried out, where they have to know."""
    open_items([_telling(row) for row in rows if _tells(row)], by=by, now=now)


def _tells(row: Amendment) -> bool:
    return any(one["kind"] == "TELL_PLATFORM" for one in row.consequences)


def _telling(row: Amendment) -> NewItem:
    facts = {
        "number": row.number,
        "order": row.order.number,
        "platform": row.order.shop.get_platform_display(),
    }
    return NewItem(
        Kind.TELL_PLATFORM,
        SUBJECT,
        row.pk,
        facts=facts,
        shop_id=row.shop_id,
        priority=row.order.priority,
        owner_id=row.owner_id,
    )


def _decide(
    amendments: AmendmentQuerySet, state: AmendmentState, *, by: Actor, now: datetime, why: str
) -> AmendmentQuerySet:
    ids = _ids(amendments)
    chosen = Amendment.objects.numbered(ids)
    done = chosen.open().update(
        state=state, decided_by=by.actor_name[:80], decided_at=now, why=why[:500]
    )
    if done != len(ids):
        raise WrongState(_("This amendment has been decided already. Load the page again."))
    let_go(ids)
    close_items([Kind.AMENDMENT], SUBJECT, ids, by=by, now=now, why=why or str(state.label))
    return chosen


def _ids(amendments: AmendmentQuerySet) -> list[int]:
    return sorted(set(amendments.values_list("pk", flat=True)))


def _named(orders: Iterable[Order]) -> str:
    numbers = sorted({order.number for order in orders})
    return "、".join(numbers[:NAMED]) + (" …" if len(numbers) > NAMED else "")
