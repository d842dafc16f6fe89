"""Where an order stands, what the next step is, and whose turn it is: one look."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gendan.orders.models import Order
from gendan.orders.page import CONTRIBUTORS, Contribution, Milestone, Panel, Step
from gendan.orders.stages import Stage
from gendan.people.access import Worker
from gendan.worklist.models import Item
from gendan.worklist.queries import about


@dataclass(frozen=True)
class Standing:
    """Everything the page of an order shows, gathered from all rooms."""

    order: Order
    steps: Sequence[Step]
    panels: Sequence[Panel]
    milestones: Sequence[Milestone]
    waiting: Sequence[Item]
    subjects: Mapping[str, Sequence[int]]

    @property
    def next_step(self) -> Step | None:
        return self.steps[0] if self.steps else None

    @property
    def other_steps(self) -> Sequence[Step]:
        return self.steps[1:]

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
        sorted((m for one in told for m in one.milestones), key=lambda stone: stone.position),
        _waiting(order, subjects),
        subjects,
    )


def progress(order: Order, milestones: Sequence[Milestone]) -> list[dict[str, Any]]:
    """Return the steps of the progress bar: done, now, to do; bad where a cancelled order ended."""
    steps: list[dict[str, Any]] = []
    reached = max((i for i, stone in enumerate(milestones) if stone.at), default=-1)
    for number, stone in enumerate(milestones):
        state = "done" if number <= reached else "todo"
        steps.append({"label": stone.label, "state": state, "at": stone.at})
    if order.stage == Stage.CANCELLED:
        ended = {"label": Stage.CANCELLED.label, "state": "bad", "at": order.cancelled_at}
        return [*steps[: reached + 1], ended]
    if reached + 1 < len(steps):
        steps[reached + 1] |= {"state": "now", "note": order.get_stage_display()}
    return steps


def _subjects(told: Sequence[Contribution]) -> dict[str, list[int]]:
    subjects: dict[str, list[int]] = {}
    for one in told:
        for table, ids in one.subjects.items():
            subjects.setdefault(table, []).extend(ids)
    return subjects


def _waiting(order: Order, subjects: Mapping[str, Sequence[int]]) -> list[Item]:
    """Return what waits for a person about the order and its shipments, most pressing first."""
    items = list(about("order", [order.pk]))
    if shipments := list(subjects.get("warehouse_shipment", ())):
        items += about("shipment", shipments)
    return sorted(items, key=lambda item: item.due_at)
