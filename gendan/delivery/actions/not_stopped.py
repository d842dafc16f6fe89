"""When carriers don't intercept: whoever the customer told of it is asked what now."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from gendan.delivery.actions.intercept import SUBJECT, AnsweredAlready, accept, ask_owners
from gendan.delivery.models import (
    Aim,
    Interception,
    InterceptionQuerySet,
    InterceptionState,
    Remedy,
)
from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.warehouse.stages import Stage
from gendan.worklist.actions import close_items
from gendan.worklist.models import Item, Kind

COMING_BACK = (Stage.REFUSED, Stage.RETURNED)
ENDED = (Stage.DELIVERED, Stage.RETURNED, Stage.LOST)


def follow_interceptions(*, by: Actor, now: datetime) -> int:
    """Let time and parcels have their say; return how many owners are newly asked what now.

    Who has had no answer in time is asked; what came back by itself is accepted; where the parcel
    was faster than the answer, nobody asks the carrier any more.
    """
    with transaction.atomic():
        asked = Interception.objects.filter(state=InterceptionState.ASKED)
        came = asked.filter(aim=Aim.RETURN, shipment__stage__in=COMING_BACK)
        if ids := _locked(came):
            words = _("it comes back by itself")
            accept(Interception.objects.numbered(ids), by=by, now=now, words=words)
        if ids := _locked(asked.filter(shipment__stage__in=ENDED)):
            _too_late(ids, by=by, now=now)
        _close_ended(by=by, now=now)
        return ask_owners(_unanswered(asked, now), by=by, now=now)


def settle(
    interceptions: InterceptionQuerySet, remedy: str, *, by: Actor, now: datetime, words: str = ""
) -> InterceptionQuerySet:
    """Note what is done about parcels that were not intercepted.

    :raises AnsweredAlready: if one was intercepted, or settled before
    """
    chosen = Remedy(remedy)
    ids = sorted(set(interceptions.values_list("pk", flat=True)))
    said = " · ".join(filter(None, (str(chosen.label), words.strip())))
    with entry("interception.settled", by=by, why=words, remedy=said[:200]):
        rows = Interception.objects.numbered(ids)
        open_now = rows.filter(remedy="").exclude(state=InterceptionState.ACCEPTED)
        if open_now.update(remedy=chosen) != len(ids):
            raise AnsweredAlready(_("This is settled already. Load the page again."))
        close_items([Kind.NOT_STOPPED], SUBJECT, ids, by=by, now=now, why=said)
    return rows


def _locked(rows: InterceptionQuerySet) -> list[int]:
    """Lock rows in the order of their ids; return which there are."""
    return list(rows.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True))


def _too_late(ids: list[int], *, by: Actor, now: datetime) -> None:
    with entry("interception.too_late", by=by):
        rows = Interception.objects.numbered(ids)
        rows.update(state=InterceptionState.TOO_LATE, answered_at=now)
        why = str(InterceptionState.TOO_LATE.label)
        close_items([Kind.INTERCEPTION], SUBJECT, ids, by=by, now=now, why=why)
        ask_owners(rows.filter(shipment__stage=Stage.DELIVERED), by=by, now=now)


def _close_ended(*, by: Actor, now: datetime) -> None:
    """Close what waits about parcels that are back, on their way back, or lost."""
    waiting = Item.objects.open().filter(kind=Kind.NOT_STOPPED, subject=SUBJECT)
    over = Interception.objects.filter(
        pk__in=waiting.values("subject_id"), shipment__stage__in=(*COMING_BACK, Stage.LOST)
    )
    if ids := list(over.values_list("pk", flat=True)):
        why = _("the parcel is back, on its way back, or lost")
        close_items([Kind.NOT_STOPPED], SUBJECT, ids, by=by, now=now, why=why)


def _unanswered(asked: InterceptionQuerySet, now: datetime) -> InterceptionQuerySet:
    """Return what no carrier has answered within the time there is for it."""
    items = Item.objects.filter(subject=SUBJECT, subject_id=OuterRef("pk"))
    late = Exists(items.filter(kind=Kind.INTERCEPTION, due_at__lt=now))
    known = Exists(items.filter(kind=Kind.NOT_STOPPED))
    return asked.filter(late, ~known, remedy="")
