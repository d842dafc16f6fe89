"""What rooms add to an order's page: panels, the next step, and rows of the timeline.

A room that has something to show puts `order_page.py` beside its models and calls `contribute`
there; the modules are loaded when the house starts. So the page shows the whole way of an order
although this room knows nothing of the rooms after it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from gendan.orders.models import Order
from gendan.people.access import Worker
from gendan.ui.prepared import Prepared, any_of

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Panel:
    """A part of the page, drawn by a template with a context; small positions stand first."""

    template: str
    context: Mapping[str, Any]
    position: int = 50
    aside: bool = False  # in the narrow column


@dataclass(frozen=True)
class Step:
    """Something that can be done now.

    The one with the smallest position, if that is at most 50, is *the* next step; the others
    stand in a menu.
    """

    label: str
    url: str
    permission: str
    position: int = 50
    post: bool = True  # a button that acts; otherwise a link to a page
    needs_why: bool = False
    dialog: bool = False  # a link whose answer is a dialog
    icon: str = ""
    tone: str = "plain"  # plain, primary, danger


@dataclass(frozen=True)
class Milestone:
    """A point of the progress bar, reached or not."""

    key: str
    label: str
    at: datetime | None
    position: int


@dataclass(frozen=True)
class Turn:
    """Whose turn it is where nobody has a work item: a team, a carrier, the customer."""

    who: str
    what: str
    since: datetime | None


@dataclass(frozen=True)
class Contribution:
    panels: Sequence[Panel] = ()
    steps: Sequence[Step] = ()
    milestones: Sequence[Milestone] = ()
    turns: Sequence[Turn] = ()
    subjects: Mapping[str, Sequence[int]] = field(default_factory=dict)  # table -> row ids


Contributor = Callable[[Order, Worker], Contribution]
CONTRIBUTORS: list[Contributor] = []


def contribute(contributor: Contributor) -> Contributor:
    """Add to every order's page what the function returns for it; use it as a decorator."""
    CONTRIBUTORS.append(contributor)
    return contributor


class Rare(Prepared[Row]):
    """Rows of an order (`Given("order")`) of which most orders have none.

    A page asks in one statement for all rooms which of them there are, and fetches those.
    """

    def __init__(self, rows: Callable[[], QuerySet[Row]]) -> None:
        super().__init__(rows)
        RARE.append(self)

    def of(self, order: Order) -> list[Row]:
        """Return what there is of it, as of the moment that the first was asked for."""
        return self(order=order.pk) if self in _there_are(order) else []


RARE: list[Rare[Any]] = []
KNOWN = "_rare"  # what an order that was read remembers of it


def _there_are(order: Order) -> set[Rare[Any]]:
    if KNOWN not in order.__dict__:
        there = any_of(RARE, order=order.pk)
        order.__dict__[KNOWN] = {rows for rows, are in zip(RARE, there, strict=True) if are}
    known: set[Rare[Any]] = order.__dict__[KNOWN]
    return known
