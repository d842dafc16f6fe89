"""Changing orders back (改回来): a change that was carried out is asked for in reverse."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from gendan.orders.actions.amend import NewAmendment, WrongState, preview, request
from gendan.orders.amending.reversing import reverse
from gendan.orders.amending.rules import BeyondAuthority
from gendan.orders.amending.snapshot import snapshots
from gendan.orders.models import Amendment, AmendmentQuerySet, AmendmentState
from gendan.orders.newcomers import Seller


@transaction.atomic
def change_back(
    amendments: AmendmentQuerySet, *, by: Seller, now: datetime, why: str = ""
) -> AmendmentQuerySet:
    """Ask for the reverse of amendments; each is looked at and decided on like any other.

    :raises WrongState: if one was not carried out, or is being changed back already
    :raises CannotAmend: if something of one can't be taken back, or not where its order is now
    """
    rows = _lock(sorted(set(amendments.values_list("pk", flat=True))))
    said = snapshots({row.order_id for row in rows})
    news = [
        NewAmendment(
            row.order_id,
            reverse(row, said[row.order_id]),
            asked_by=row.asked_by,
            words=_("Back to what it was before %s") % row.number,
            undoes=row.pk,
        )
        for row in rows
    ]
    asked = request(news, by=by, now=now, why=why)
    _refuse_impossible(asked, by, now)
    return asked


def _lock(ids: list[int]) -> list[Amendment]:
    chosen = Amendment.objects.numbered(ids).filter(state=AmendmentState.CONFIRMED)
    rows = list(chosen.order_by("pk").select_for_update(no_key=True))
    if len(rows) != len(ids):
        raise WrongState(_("Only what was carried out can be changed back. Load the page again."))
    _refuse_twice(ids)
    return rows


def _refuse_twice(ids: Iterable[int]) -> None:
    waiting = Amendment.objects.open().filter(undoes__any=list(ids)).order_by("pk").first()
    if waiting:
        raise WrongState(
            _("%s changes it back already. Decide on that one first.") % waiting.number
        )


def _refuse_impossible(asked: AmendmentQuerySet, by: Seller, now: datetime) -> None:
    """Refuse what nobody could carry out; what a supervisor may confirm waits for one."""
    try:
        preview(asked, by=by, now=now)
    except BeyondAuthority:
        return
