"""Letting go of changes that were asked for of orders which are over: nobody can decide on them."""

from datetime import datetime

from django.utils.translation import gettext as _

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.actions.amend import SUBJECT
from gendan.orders.corrections import let_go
from gendan.orders.models import Amendment, AmendmentState
from gendan.orders.stages import OVER
from gendan.worklist.actions import close_items
from gendan.worklist.models import Kind


def drop_amendments(*, by: Actor, now: datetime) -> int:
    """Withdraw what waits to be decided of orders that are over; return how much it was.

    An order that is over stays so. Who decides on one of them in this moment is faster, or refused.
    """
    over = Amendment.objects.open().filter(order__stage__in=OVER).order_by("pk")
    ids = list(over.values_list("pk", flat=True))
    if not ids:
        return 0
    why = _("the order is over")
    with entry("amendment.withdrawn", by=by, why=why):
        locked = Amendment.objects.numbered(ids).open().order_by("pk").select_for_update()
        ids = list(locked.values_list("pk", flat=True))
        said = {"decided_by": by.actor_name[:80], "decided_at": now, "why": why}
        Amendment.objects.numbered(ids).update(state=AmendmentState.WITHDRAWN, **said)
        let_go(ids)
        close_items([Kind.AMENDMENT], SUBJECT, ids, by=by, now=now, why=why)
    return len(ids)
