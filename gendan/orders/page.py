"""What rooms add to an order's page: panels, the next step, and rows of the timeline.

A room that has something to show puts `order_page.py` beside its models and calls `contribute`
there; the modules are loaded when the house starts. So the page shows the whole way of an order
although this room knows nothing of the rooms after it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from gendan.orders.models import Order
from gendan.people.access import Worker


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
