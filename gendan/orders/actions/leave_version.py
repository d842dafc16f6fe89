"""Leaving a version of orders (版本) that something else than an amendment has changed."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from gendan.journal.actors import Actor
from gendan.orders.actions.amend import ask_to_tell, colleague
from gendan.orders.amending.carrying import orders_of, versions_of
from gendan.orders.amending.following import Consequence
from gendan.orders.amending.snapshot import Snapshot, snapshots
from gendan.orders.amending.terms import telling, terms
from gendan.orders.amending.wanted import Action, written
from gendan.orders.models import Amendment, AmendmentState, AskedBy, Cause, Order


def leave_version(
    wanted: Mapping[int, Sequence[Action]],
    before: Mapping[int, Snapshot],
    *,
    by: Actor,
    now: datetime,
    why: str,
) -> None:
    """Keep what orders (by id, locked) said before and say now, as amendments carried out.

    They are what customers chose because goods are short, within the entry that is open.
    """
    orders = {order.pk: order for order in orders_of(wanted)}
    versions, after = versions_of(orders), snapshots(orders)
    rows = [
        Amendment(
            order=order,
            shop_id=order.shop_id,
            state=AmendmentState.CONFIRMED,
            asked_by=AskedBy.CUSTOMER,
            cause=Cause.GOODS,
            words=why[:500],
            wanted=written(wanted[pk]),
            base=versions[pk],
            version=versions[pk] + 1,
            before=before[pk],
            after=after[pk],
            consequences=[one.written() for one in _consequences(order, before[pk])],
            difference_fen=order.total_fen - before[pk]["total_fen"],
            owner_id=colleague(by=by),
            requested_by=by.actor_name[:80],
            requested_at=now,
            decided_by=by.actor_name[:80],
            decided_at=now,
        )
        for pk, order in orders.items()
    ]
    ids = [row.pk for row in Amendment.objects.bulk_create(rows)]
    made = Amendment.objects.numbered(ids)  # read again: PostgreSQL has numbered them
    ask_to_tell(made.select_related("order__shop"), by=by, now=now)


def _consequences(order: Order, before: Snapshot) -> Iterator[Consequence]:
    owed = order.total_fen - order.paid_fen + order.refunded_fen
    difference = order.total_fen - before["total_fen"]
    waits = owed > 0 and not order.is_cod
    yield from terms(order, difference_fen=difference, owed_fen=owed, waits=waits)
    yield from telling(order)
