"""An order that is to be urgent from now on takes a place of the day's, and gives it back again.

Whoever carries the change out declares it, under the same limit and with the same right as on the
order's page (`actions/urge.py`); the reason is theirs, or what the customer said.
"""

from collections import defaultdict
from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from gendan.orders.actions.urge import urge
from gendan.orders.amending.following import Act, Change, Moment, Told, explain, follow, refuse
from gendan.orders.amending.wanted import Instructions
from gendan.orders.lane import lock_lane
from gendan.orders.models import Cause, Instruction, InstructionCode, Order
from gendan.people.access import refusal
from gendan.people.models import ApiKey, Person

ROOM = "haste"

explain(
    {
        "URGENT": Told(
            _("It goes first from now on, and takes one of today's urgent places."), "warn", "clock"
        ),
        "NOT_URGENT": Told(_("It takes its turn again; it is urgent no longer."), "", "clock"),
    }
)


@follow(Moment.BEFORE)
def look(act: Act) -> None:
    """See whose haste changes; the lane is locked after orders, and before their parcels."""
    wished = {pk: wish for pk, change in act.changes.items() if (wish := _wish(change)) is not None}
    if not wished:
        return
    urgent = Instruction.objects.filter(order_id__any=list(wished), code=InstructionCode.URGENT)
    had = set(urgent.values_list("order_id", flat=True))
    for pk, wish in wished.items():
        if wish != (pk in had):
            act.changes[pk].beside[ROOM] = wish
    if any(change.beside.get(ROOM) for change in act.changes.values()):
        lock_lane()


@follow(Moment.MOVED)
def hurry(act: Act) -> None:
    """Declare urgent what is to be; take the haste of others away."""
    _let(act, urgent=True, kind="URGENT")
    _let(act, urgent=False, kind="NOT_URGENT")


def _let(act: Act, *, urgent: bool, kind: str) -> None:
    chosen = act.those(lambda change: change.beside.get(ROOM) is urgent)
    _refuse_stranger(chosen.values(), act)
    reasons: dict[str, list[int]] = defaultdict(list)
    for pk, change in chosen.items():
        reasons[_why(change, act)].append(pk)
        change.follows(kind)
    for why, ids in sorted(reasons.items()):
        urge(Order.objects.numbered(ids), by=act.by, why=why, urgent=urgent, now=act.now)


def _wish(change: Change) -> bool | None:
    """Return whether the order is to be urgent; None if nobody says anything of instructions."""
    said = [action for action in change.actions if isinstance(action, Instructions)]
    return any(one.code == InstructionCode.URGENT for one in said[-1].wanted) if said else None


def _why(change: Change, act: Act) -> str:
    row = change.amendment
    return act.why.strip() or row.words or str(Cause(row.cause).label)


def _refuse_stranger(changes: Iterable[Change], act: Act) -> None:
    if isinstance(act.by, Person | ApiKey) and not act.by.may("orders.urge"):
        for change in changes:
            raise refuse(change.order, refusal("orders.urge"))
