"""Settles differences with a reason, and takes that back."""

from datetime import datetime

from django.utils.translation import gettext as _

from gendan.channels.models import Difference, DifferenceState
from gendan.channels.models.reconciling import DifferenceQuerySet
from gendan.channels.reconciling.items import close, open_waiting
from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.ui.errors import Refused


class NotOpen(Refused):
    """Some of the differences are settled or gone by now, or there is no reason."""


def settle(
    differences: DifferenceQuerySet, *, by: Actor, now: datetime, why: str
) -> DifferenceQuerySet:
    """Say why it may stay as it is; it comes back if one of the sides says something else.

    :raises NotOpen: if any of them is not open, or no reason is given
    """
    if not why.strip():
        raise NotOpen(_("Say why it may stay as it is."))
    with entry("reconciling.settled", by=by, why=why):
        settled = _move(differences, DifferenceState.OPEN)
        settled.update(state=DifferenceState.SETTLED, why=why.strip()[:200], ended_at=now)
        close(settled, by=by, now=now, why=why)
    return settled


def reopen(
    differences: DifferenceQuerySet, *, by: Actor, now: datetime, why: str = ""
) -> DifferenceQuerySet:
    """Let what was settled wait again.

    :raises NotOpen: if any of them is not settled
    """
    with entry("reconciling.reopened", by=by, why=why):
        opened = _move(differences, DifferenceState.SETTLED)
        opened.update(state=DifferenceState.OPEN, why="", ended_at=None)
        open_waiting(opened, by=by, now=now)
    return opened


def _move(differences: DifferenceQuerySet, state: DifferenceState) -> DifferenceQuerySet:
    ids = sorted(differences.values_list("pk", flat=True))
    chosen = Difference.objects.filter(pk__any=ids)
    locked = chosen.filter(state=state).order_by("pk").select_for_update()
    if list(locked.values_list("pk", flat=True)) != ids:
        raise NotOpen(_("Somebody was faster with some of these. Load the page again."))
    return chosen
