"""Plans of chasing, the rules that bind them all, and when platforms close orders."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _

from gendan.desk.models import Channel
from gendan.desk.scripts import install_scripts
from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.chasing import PLANS, TERMS
from gendan.orders.finding import order_finder
from gendan.orders.models import ChasePlan, ChaseRules, ChaseStep, ClosingTerm
from gendan.ui.errors import Refused
from gendan.ui.finding import FindingError

MOST_STEPS = 9


class CannotPlan(Refused):
    """A plan that cannot be read or would never do anything."""


@dataclass(frozen=True)
class NewStep:
    """A step as it is written down."""

    anchor: str
    minutes: int
    channel: str
    is_automatic: bool = False
    reason: str = ""


class Term(NamedTuple):
    platform: str
    hours: int


def install_chasing(*, by: Actor, now: datetime) -> bool:
    """Set chasing up with the plans a house begins with; say whether it was not yet."""
    with entry("chase.installed", by=by):
        _rules, is_new = ChaseRules.objects.get_or_create(pk=1)
        if not is_new:
            return False
        install_scripts(by=by)
        ClosingTerm.objects.bulk_create(
            (ClosingTerm(platform=platform, hours=hours) for platform, hours in TERMS.items()),
            ignore_conflicts=True,
        )
        for plan, steps in PLANS:
            made = ChasePlan.objects.create(
                **{name: getattr(plan, name) for name in ("code", "name", "name_en", "salt")},
                expression=plan.expression,
                position=plan.position,
            )
            ChaseStep.objects.bulk_create(_step(made, step) for step in steps)
    return True


def save_plan(plan: ChasePlan, steps: Sequence[NewStep], *, by: Actor, why: str = "") -> ChasePlan:
    """Add a plan or change it; a step that was used stays in the books, but does nothing more.

    :raises CannotPlan: if its condition cannot be read, or a step can never be done
    """
    _refuse_unreadable(plan)
    _refuse_impossible(steps)
    verb = "chase.plan_changed" if plan.pk else "chase.plan_added"
    with entry(verb, by=by, why=why, name=plan.name):
        plan.salt = plan.salt or plan.code
        plan.save()
        _exchange(plan, steps)
    return plan


def save_chase_rules(
    rules: ChaseRules, terms: Sequence[Term], *, by: Actor, why: str = ""
) -> ChaseRules:
    """Change when nobody is disturbed, how often, and when platforms close orders.

    Orders that are in the queue already keep the closing time with which they came.
    """
    with entry("chase.rules_changed", by=by, why=why):
        rules.save()
        ClosingTerm.objects.bulk_create(
            (ClosingTerm(platform=term.platform, hours=term.hours) for term in terms),
            update_conflicts=True,
            unique_fields=["platform"],
            update_fields=["hours"],
        )
    return rules


def _exchange(plan: ChasePlan, steps: Sequence[NewStep]) -> None:
    there = {_key(step): step for step in plan.steps.filter(is_retired=False)}
    wanted = {(step.anchor, step.minutes): step for step in steps}
    gone = [step.pk for key, step in there.items() if key not in wanted]
    ChaseStep.objects.filter(pk__any=gone).update(is_retired=True)
    for key, step in wanted.items():
        if key in there:
            ChaseStep.objects.filter(pk=there[key].pk).update(
                channel=step.channel, is_automatic=step.is_automatic, reason=step.reason
            )
    ChaseStep.objects.bulk_create(
        ChaseStep(plan=plan, **vars(step)) for key, step in wanted.items() if key not in there
    )


def _key(step: ChaseStep) -> tuple[str, int]:
    return step.anchor, step.minutes


def _step(plan: ChasePlan, like: ChaseStep) -> ChaseStep:
    return ChaseStep(
        plan=plan,
        anchor=like.anchor,
        minutes=like.minutes,
        channel=like.channel,
        reason=like.reason,
    )


def _refuse_unreadable(plan: ChasePlan) -> None:
    try:
        order_finder.check(plan.expression)
    except FindingError as error:
        raise CannotPlan(error.sentence) from error


def _refuse_impossible(steps: Sequence[NewStep]) -> None:
    if len(steps) > MOST_STEPS:
        raise CannotPlan(_("Nobody wants to hear from us that often: %s steps at most.") % 9)
    if any(step.minutes <= 0 for step in steps):
        raise CannotPlan(_("Say after how many minutes each step is due."))
    if len({(step.anchor, step.minutes) for step in steps}) < len(steps):
        raise CannotPlan(_("Two steps are due at the same time. Change or remove one."))
    if any(step.is_automatic and step.channel != Channel.MAIL for step in steps):
        raise CannotPlan(_("Only mail goes out by itself; everything else somebody has to say."))
