"""Moving on whatever needs no person: each stage in turn pulls what is ready for it."""

from collections.abc import Callable, Iterator
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from gendan.delivery.actions.complete import complete_due
from gendan.journal.actors import Actor
from gendan.orders.actions import tend
from gendan.orders.actions.drop_amendments import drop_amendments
from gendan.orders.actions.give import skip_lacking
from gendan.screening.actions import look_again, recheck, screen_next, settle, stop_changed
from gendan.stock.actions import claim_presales, give_back_cancelled, reserve_next, serve_rests
from gendan.ui.errors import Refused
from gendan.warehouse.actions.plan import plan_waiting
from gendan.warehouse.actions.suggest import suggest

BATCH = 2000
Tell = Callable[[str, int, int], None]
Counts = dict[str, int]


class UnknownStage(Refused):
    """Nothing is moved on to such a stage by itself."""


def _screen(by: Actor, now: datetime) -> Iterator[Counts]:
    stop_changed(by=by, now=now)
    recheck(by=by, now=now)
    look_again(by=by, now=now)
    while any(counts := screen_next(by=by, now=now, limit=BATCH)):
        yield {"released": counts[0], "held": counts[1]}
    settle(by=by, now=now)
    tend(by=by, now=now)
    drop_amendments(by=by, now=now)


def _reserve(by: Actor, now: datetime) -> Iterator[Counts]:
    yield {"given back": give_back_cancelled(by=by)}
    claim_presales(by=by, now=now)
    yield {"reserved": serve_rests(by=by, now=now)}
    while any(counts := reserve_next(by=by, now=now, limit=BATCH)):
        yield {"reserved": counts[0], "short": counts[1]}
    if skip_lacking(by=by, now=now):
        yield {"reserved": reserve_next(by=by, now=now, limit=BATCH)[0]}


def _plan(by: Actor, now: datetime) -> Iterator[Counts]:
    for planned, shipments in plan_waiting(by=by, now=now):
        yield {"planned": planned, "shipments": shipments}
    opened, _closed = suggest(by=by, now=now)
    yield {"suggested": opened}


def _complete(by: Actor, now: datetime) -> Iterator[Counts]:
    yield {"completed": complete_due(by=by, now=now)}


# The stage that is reached, and who brings the orders there.
STEPS: dict[str, Callable[[Actor, datetime], Iterator[Counts]]] = {
    "READY": _screen,
    "ALLOCATED": _reserve,
    "PLANNED": _plan,
    "COMPLETED": _complete,
}


def advance(to: str | None, *, by: Actor, progress: Tell | None = None) -> Counts:
    """Move everything on as far as no person is needed, but no further than `to`; say how much.

    :raises UnknownStage: if `to` is no stage that is reached without a person
    """
    if to is not None and to not in STEPS:
        raise UnknownStage(
            _("“%(stage)s” is not reached without a person. Choose one of: %(stages)s.")
            % {"stage": to, "stages": ", ".join(STEPS)}
        )
    total: Counts = {}
    for number, (stage, step) in enumerate(STEPS.items(), 1):
        for counts in step(by, timezone.now()):
            for what, count in counts.items():
                total[what] = total.get(what, 0) + count
            if progress:
                progress(stage, number, len(STEPS))
        if stage == to:
            break
    return {what: count for what, count in total.items() if count}
