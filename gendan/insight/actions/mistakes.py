"""Recording mistakes, giving them a cause and an owner, and closing them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from gendan.insight.actions.waiting import Proposal, let_wait, settle
from gendan.insight.models import (
    Because,
    FoundAt,
    Mistake,
    MistakeQuerySet,
    MistakeState,
    What,
)
from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.models import Order
from gendan.people.models import Person
from gendan.people.permissions import Role
from gendan.ui.errors import Refused

OPEN = (MistakeState.PROPOSED, MistakeState.OPEN)


class CannotRecord(Refused):
    """Something about the mistake is missing, or it is closed."""


@dataclass(frozen=True)
class Verdict:
    """Why it happened and whose it was: a colleague, a team, or both; `cost_fen` none: as it is.

    A cost that nobody has said is an estimate, and follows the books.
    """

    because: str
    owner_id: int | None = None
    team: str = ""
    what: str = ""
    cost_fen: int | None = None


@dataclass(frozen=True)
class NewMistake:
    """A mistake as a colleague records it."""

    order_id: int
    what: str
    where: str
    verdict: Verdict
    words: str = ""
    done: str = ""
    line_id: int | None = None
    shipment_id: int | None = None


def record(
    news: Sequence[NewMistake], *, by: Actor, now: datetime, why: str = ""
) -> MistakeQuerySet:
    """Record mistakes; one that says what was done is closed at once.

    :raises CannotRecord: if cause or owner is missing, or an order is not there
    """
    for new in news:
        _refuse(new)
    with entry("mistake.recorded", by=by, why=why, count=len(news)):
        shops = dict(
            Order.objects.numbered(new.order_id for new in news).values_list("pk", "shop_id")
        )
        if len(shops) < len({new.order_id for new in news}):
            raise CannotRecord(_("One of the orders no longer exists. Load the page again."))
        made = Mistake.objects.bulk_create(_row(new, shops[new.order_id], by, now) for new in news)
    return Mistake.objects.filter(pk__any=[row.pk for row in made])


def attribute(
    mistakes: MistakeQuerySet, verdict: Verdict, *, by: Actor, now: datetime, why: str = ""
) -> MistakeQuerySet:
    """Give mistakes a cause and an owner; they are to be dealt with from now on.

    :raises CannotRecord: if cause or owner is missing, or any of them is closed
    """
    _refuse_verdict(verdict)
    with entry("mistake.attributed", by=by, why=why):
        chosen = _locked(mistakes, OPEN)
        chosen.update(state=MistakeState.OPEN, **_told(verdict))
        _settle(chosen, by, now, why or str(Because(verdict.because).label))
    return chosen


def close(
    mistakes: MistakeQuerySet, done: str, *, by: Actor, now: datetime, why: str = ""
) -> MistakeQuerySet:
    """Note what was done; the mistakes are dealt with.

    :raises CannotRecord: without a word on what was done, or if any of them has no owner yet
    """
    if not done.strip():
        raise CannotRecord(_("Say what was done, for the customer and so that it stays away."))
    with entry("mistake.closed", by=by, why=why or done):
        chosen = _locked(mistakes, (MistakeState.OPEN,))
        chosen.update(state=MistakeState.CLOSED, done=done.strip(), closed_at=now)
    return chosen


def dismiss(mistakes: MistakeQuerySet, *, by: Actor, now: datetime, why: str) -> MistakeQuerySet:
    """Say that proposals were no mistakes; they are not proposed again.

    :raises CannotRecord: without a reason, or if any of them is closed
    """
    if not why.strip():
        raise CannotRecord(_("Say why it was no mistake: the house will not ask again."))
    with entry("mistake.dismissed", by=by, why=why):
        chosen = _locked(mistakes, OPEN)
        chosen.update(state=MistakeState.DISMISSED, closed_at=now)
        _settle(chosen, by, now, why)
    return chosen


def reopen(
    mistakes: MistakeQuerySet, *, by: Actor, now: datetime, why: str = ""
) -> MistakeQuerySet:
    """Take back that mistakes were closed or dismissed; a proposal waits for a person again.

    :raises CannotRecord: if any of them is neither
    """
    with entry("mistake.reopened", by=by, why=why):
        chosen = _locked(mistakes, (MistakeState.CLOSED, MistakeState.DISMISSED))
        nameless = chosen.filter(because="")
        waiting = nameless.values_list("pk", "order__number", "shop", "what")
        proposals = [Proposal(*row) for row in waiting.order_by("pk")]
        nameless.update(state=MistakeState.PROPOSED, closed_at=None)
        let_wait(proposals, by=by, now=now)
        rest = chosen.exclude(state=MistakeState.PROPOSED)
        rest.update(state=MistakeState.OPEN, closed_at=None)
    return chosen


def _row(new: NewMistake, shop_id: int, by: Actor, now: datetime) -> Mistake:
    told = {"cost_fen": 0, "is_estimate": True, "what": new.what, **_told(new.verdict)}
    return Mistake(
        order_id=new.order_id,
        line_id=new.line_id,
        shipment_id=new.shipment_id,
        shop_id=shop_id,
        found_at=now,
        found_by=by if isinstance(by, Person) else None,
        where=new.where,
        words=new.words,
        done=new.done.strip(),
        state=MistakeState.CLOSED if new.done.strip() else MistakeState.OPEN,
        closed_at=now if new.done.strip() else None,
        **told,
    )


def _told(verdict: Verdict) -> dict[str, Any]:
    told = {"because": verdict.because, "owner_id": verdict.owner_id, "team": verdict.team}
    if verdict.what:
        told["what"] = verdict.what
    if verdict.cost_fen is not None:
        told |= {"cost_fen": verdict.cost_fen, "is_estimate": False}
    return told


def _locked(mistakes: MistakeQuerySet, states: Sequence[MistakeState]) -> MistakeQuerySet:
    rows = mistakes.order_by("pk").select_for_update(no_key=True, of=("self",))
    found = dict(rows.values_list("pk", "state"))
    if any(state not in states for state in found.values()):
        allowed = "、".join(str(state.label) for state in states)
        raise CannotRecord(
            _("This is for mistakes at “%(states)s” only. Load the page again.")
            % {"states": allowed}
        )
    return Mistake.objects.filter(pk__any=list(found))


def _settle(mistakes: MistakeQuerySet, by: Actor, now: datetime, why: str) -> None:
    settle(list(mistakes.values_list("pk", flat=True)), by=by, now=now, why=why)


def _refuse(new: NewMistake) -> None:
    if new.what not in What.values or new.where not in FoundAt.values:
        raise CannotRecord(_("Say what went wrong, and where it was found."))
    _refuse_verdict(new.verdict)


def _refuse_verdict(verdict: Verdict) -> None:
    if verdict.because not in Because.values:
        raise CannotRecord(_("Say why it happened: choose one of the three causes."))
    if verdict.owner_id is None and not verdict.team:
        raise CannotRecord(_("Say whose it was: a colleague, or a team."))
    if verdict.team and verdict.team not in Role.values:
        raise CannotRecord(_("There is no such team. Choose one of the list."))
    if verdict.what and verdict.what not in What.values:
        raise CannotRecord(_("Say what went wrong, and where it was found."))
    if verdict.cost_fen is not None and verdict.cost_fen < 0:
        raise CannotRecord(_("A mistake costs nothing or something, never less."))
