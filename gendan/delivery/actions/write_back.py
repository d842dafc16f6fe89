"""Keeps account of what the platforms have been told of our waybills."""

from datetime import datetime

from django.utils.translation import gettext as _

from gendan.delivery.models import WriteBack, WriteBackState
from gendan.delivery.models.handover import WriteBackQuerySet
from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.ui.errors import Refused
from gendan.worklist.actions import close_items
from gendan.worklist.models import Kind

OPEN = (WriteBackState.WAITING, WriteBackState.EXPORTED)


class NotWaiting(Refused):
    """Some of these have been told already, or can't be."""


def put_in_file(
    write_backs: WriteBackQuerySet, file: str, *, by: Actor, now: datetime, why: str = ""
) -> WriteBackQuerySet:
    """Say that these stand in a file for the platform; they stay until it has taken them.

    :raises NotWaiting: if any of them is settled
    """
    with entry("write_back.exported", by=by, why=why, file=file):
        return _settle(write_backs, state=WriteBackState.EXPORTED, file=file, exported_at=now)


def confirm(
    write_backs: WriteBackQuerySet, *, by: Actor, now: datetime, why: str = ""
) -> WriteBackQuerySet:
    """Say that the platform has taken these.

    :raises NotWaiting: if any of them is settled
    """
    with entry("write_back.done", by=by, why=why):
        settled = _settle(write_backs, state=WriteBackState.DONE, done_at=now)
        _close_finished(settled, by=by, now=now)
    return settled


def give_up(
    write_backs: WriteBackQuerySet, *, by: Actor, now: datetime, why: str
) -> WriteBackQuerySet:
    """Say that the platform can't take these, and why.

    :raises NotWaiting: if any of them is settled
    """
    with entry("write_back.impossible", by=by, why=why):
        settled = _settle(write_backs, state=WriteBackState.IMPOSSIBLE, why=why[:200])
        _close_finished(settled, by=by, now=now)
    return settled


def _settle(write_backs: WriteBackQuerySet, **values: object) -> WriteBackQuerySet:
    ids = sorted(write_backs.values_list("pk", flat=True))
    chosen = WriteBack.objects.filter(pk__any=ids)
    waiting = list(
        chosen.filter(state__in=OPEN)
        .order_by("pk")
        .select_for_update()
        .values_list("pk", flat=True)
    )
    if waiting != ids:
        raise NotWaiting(_("Some of these are settled already. Load the page again."))
    chosen.update(**values)
    return WriteBack.objects.filter(pk__any=ids)


def _close_finished(write_backs: WriteBackQuerySet, *, by: Actor, now: datetime) -> None:
    """The shop's work item goes when nothing of the shop waits any more."""
    shops = set(write_backs.values_list("shop", flat=True))
    still = WriteBack.objects.filter(shop__in=shops, state__in=OPEN).values_list("shop", flat=True)
    done = shops - set(still)
    if done:
        close_items(
            [Kind.WRITE_BACK],
            "write back",
            done,
            by=by,
            now=now,
            why=_("All waybills written back."),
        )
