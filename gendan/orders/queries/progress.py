"""Where an order stands, what the next step is, and whose turn it is: one look."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from gendan.orders.models import Order
from gendan.orders.page import CONTRIBUTORS, Contribution, Milestone, Panel, Step, Turn
from gendan.orders.stages import Stage
from gendan.people.access import Worker
from gendan.ui.prepared import Given, Prepared
from gendan.worklist.models import Item

NEXT = 50  # the position up to which a step brings the order on
OF_IT = Q(subject="order", subject_id=Given("order")) | Q(
    subject="shipment", subject_id__any=Given("shipments")
)
WAITING = Prepared(
    lambda: Item.objects.open().filter(OF_IT).select_related("owner").order_by("due_at", "pk")
)


@dataclass(frozen=True)
class Standing:
    """Everything the page of an order shows, gathered from all rooms."""

    order: Order
    steps: Sequence[Step]
    panels: Sequence[Panel]
    milestones: Sequence[Milestone]
    waiting: Sequence[Item]
    turns: Sequence[Turn]
    subjects: Mapping[str, Sequence[int]]

    @property
    def where(self) -> str:
        """Return the stage in words; after stock is promised, what the parcel has reached."""
        reached = [str(stone.label) for stone in self.milestones if stone.at]
        if self.order.stage == Stage.ALLOCATED and reached:
            return reached[-1]
        return self.order.get_stage_display()

    @property
    def next_step(self) -> Step | None:
        """What the reader should do now; None if it is nobody's or somebody else's turn."""
        first = next(iter(self.steps), None)
        return first if first and first.position <= NEXT else None

    @property
    def other_steps(self) -> Sequence[Step]:
        return self.steps[1:] if self.next_step else self.steps

    @property
    def main_panels(self) -> list[Panel]:
        return [panel for panel in self.panels if not panel.aside]

    @property
    def aside_panels(self) -> list[Panel]:
        return [panel for panel in self.panels if panel.aside]

    @property
    def progress(self) -> list[dict[str, Any]]:
        return progress(self.order, self.milestones)


def standing(order: Order, worker: Worker) -> Standing:
    """Gather what every room has to say of the order to the worker."""
    told = [contributor(order, worker) for contributor in CONTRIBUTORS]
    subjects = _subjects(told)
    return Standing(
        order,
        sorted(
            (s for one in told for s in one.steps if worker.may(s.permission)),
            key=lambda step: step.position,
        ),
        sorted((p for one in told for p in one.panels), key=lambda panel: panel.position),
        _milestones(told),
        _waiting(order, subjects),
        [turn for one in told for turn in one.turns],
        subjects,
    )


def progress(order: Order, milestones: Sequence[Milestone]) -> list[dict[str, Any]]:
    """Return the steps of the progress bar: done, now, to do; bad where a cancelled order ended."""
    steps: list[dict[str, Any]] = []
    reached = max((i for i, stone in enumerate(milestones) if stone.at), default=-1)
    skips = order.stage in (Stage.ALLOCATED, Stage.COMPLETED)  # nobody waits for what was left out
    for number, stone in enumerate(milestones):
        done = stone.at or (skips and number < reached)
        steps.append({"label": stone.label, "state": "done" if done else "todo", "at": stone.at})
    if order.stage == Stage.CANCELLED:
        ended = {"label": Stage.CANCELLED.label, "state": "bad", "at": order.cancelled_at}
        return [*(step for step in steps if step["state"] == "done"), ended]
    if now := next((step for step in steps if step["state"] == "todo"), None):
        note = "" if order.stage == Stage.ALLOCATED else order.get_stage_display()
        now |= {"state": "now", "note": note}
    return steps


def _milestones(told: Sequence[Contribution]) -> list[Milestone]:
    """Put the milestones in order; one that two rooms know stands once."""
    stones = {stone.key: stone for one in reversed(told) for stone in one.milestones}
    return sorted(stones.values(), key=lambda stone: stone.position)


def _subjects(told: Sequence[Contribution]) -> dict[str, list[int]]:
    subjects: dict[str, list[int]] = {}
    for one in told:
        for table, ids in one.subjects.items():
            subjects.setdefault(table, []).extend(ids)
    return subjects


def _waiting(order: Order, subjects: Mapping[str, Sequence[int]]) -> Sequence[Item]:
    """Return what waits for a person about the order and its shipments, most pressing first."""
    return WAITING(order=order.pk, shipments=list(subjects.get("warehouse_shipment", ())))
