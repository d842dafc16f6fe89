"""What has to follow when orders are changed, told by whoever knows: a place for later rooms.

A room that has to do something puts `amending.py` beside its models and registers functions there
with `follow`; the modules are loaded when the house starts. Each is called once with all the
changes of an act, inside its transaction, at one of the moments below, first those of earlier
rooms. What it does it says by `Change.follows`, in a kind that it has explained with `explain`.
A preview is the same act undone, so a consequence names nothing that the act itself has made.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Any

from django.utils.functional import Promise

from gendan.journal.actors import Actor
from gendan.orders.amending.sheet import CannotAmend, Sheet
from gendan.orders.amending.wanted import Action, Touch, touched
from gendan.orders.models import Amendment, Order
from gendan.orders.stages import Stage
from gendan.ui.wording import counted


class Moment(IntEnum):
    """When a follower is called.

    Locks are taken in the order of the moments: orders are locked before all of them, parcels at
    `BEFORE`, lines after that, stock at `LEAVING`.
    """

    BEFORE = 1  # nothing is changed yet; whoever handles the order locks what it has of it
    CHANGED = 2  # lines and money are written; gifts and sets are recomputed here
    LEAVING = 3  # it is known where each order goes on; what holds it lets go
    MOVED = 4  # the orders are where they go on; what takes them up does so


@dataclass(frozen=True)
class Consequence:
    """Something that followed: a kind that somebody explained, and what its sentence names."""

    kind: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        told = KINDS.get(self.kind)
        names = {
            name: READ[name](value) if name in READ else value for name, value in self.facts.items()
        }
        return counted(told.sentence, names) if told else self.kind

    @property
    def tone(self) -> str:
        return KINDS[self.kind].tone if self.kind in KINDS else ""

    @property
    def icon(self) -> str:
        return KINDS[self.kind].icon if self.kind in KINDS else "arrow-right"

    def written(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {"kind": self.kind, "facts": dict(self.facts)}


@dataclass
class Change:
    """An amendment that is being carried out.

    `was` is where the order was before, `goes` where it goes on (None: it stays where it is).
    `has_left`: some of its goods are with a carrier, or with the customer. `beside` is what a room
    keeps of it from one moment to the next, under its own name.
    """

    amendment: Amendment
    actions: list[Action]
    sheet: Sheet
    was: Stage
    touches: frozenset[Touch]
    owed_before_fen: int
    has_left: bool = False
    goes: Stage | None = None
    consequences: list[Consequence] = field(default_factory=list)
    beside: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, amendment: Amendment, actions: list[Action], sheet: Sheet) -> "Change":
        order = sheet.order
        owed = order.total_fen - order.paid_fen + order.refunded_fen
        return cls(amendment, actions, sheet, Stage(order.stage), touched(actions), owed)

    @property
    def order(self) -> Order:
        return self.sheet.order

    @property
    def owed_fen(self) -> int:
        """What is left to pay now; less than nothing: what has to be given back."""
        return self.order.total_fen - self.order.paid_fen + self.order.refunded_fen

    @property
    def difference_fen(self) -> int:
        return self.owed_fen - self.owed_before_fen

    @property
    def begins_anew(self) -> bool:
        """Whether the order goes back, so that nothing that was made of it may go on."""
        return self.goes is not None

    def follows(self, kind: str, **facts: Any) -> None:
        """Say that something follows."""
        self.consequences.append(Consequence(kind, facts))


@dataclass(frozen=True)
class Act:
    """Changes that are carried out together, by the ids of their orders."""

    changes: Mapping[int, Change]
    by: Actor
    now: datetime
    why: str = ""

    def those(self, which: Callable[[Change], bool]) -> dict[int, Change]:
        """Return some of the changes."""
        return {pk: change for pk, change in self.changes.items() if which(change)}


@dataclass(frozen=True)
class Told:
    """How a kind of consequence is told, and how it looks."""

    sentence: str | Promise
    tone: str = ""
    icon: str = "arrow-right"


Follower = Callable[[Act], None]
FOLLOWERS: dict[Moment, list[Follower]] = {moment: [] for moment in Moment}
KINDS: dict[str, Told] = {}
READ: dict[str, Callable[[Any], str]] = {}


def follow(moment: Moment) -> Callable[[Follower], Follower]:
    """Have a function called at a moment of every amendment; use it as a decorator."""

    def register(follower: Follower) -> Follower:
        FOLLOWERS[moment].append(follower)
        return follower

    return register


def explain(
    kinds: Mapping[str, Told], read: Mapping[str, Callable[[Any], str]] | None = None
) -> None:
    """Say how consequences of these kinds are told, and how facts of some names are read."""
    KINDS.update(kinds)
    READ.update(read or {})


def come_to(moment: Moment, act: Act) -> None:
    """Call who follows at this moment."""
    for follower in FOLLOWERS[moment]:
        follower(act)


def as_kept(rows: Iterable[Mapping[str, Any]]) -> list[Consequence]:
    """Return consequences that were kept as JSON."""
    return [Consequence(row["kind"], row["facts"]) for row in rows]


def refuse(order: Order, sentence: str) -> CannotAmend:
    """Return the refusal of a change, naming its order."""
    return CannotAmend(f"{order.number}: {sentence}")
