"""What binds the chasing of payment: quiet hours, who is held out, and with what a house begins."""

import hashlib
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from gendan.desk.models import Channel
from gendan.orders.models import (
    Chase,
    ChaseAnchor,
    ChasePlan,
    ChaseReason,
    ChaseRules,
    ChaseStep,
    ClosingTerm,
)
from gendan.orders.stages import Stage
from gendan.people.models import Platform

A_DAY = 24  # hours until a platform closes an order, unless the house knows better
HELP = "HELP_"  # scripts for a reason that begins so explain a way of paying

# Unpaid orders about which nothing becomes work: who is held out is left alone until they have
# paid, and once chasing is set up, nobody knows who that is before an order was first seen.
NEVER_PAID = Q(stage=Stage.UNPAID, is_cod=False, paid_at=None)
OF_ORDER = Chase.objects.filter(order=OuterRef("pk"))
HELD_OUT = NEVER_PAID & Q(Exists(OF_ORDER.filter(is_held_out=True)))
UNDRAWN = NEVER_PAID & Q(Exists(ChaseRules.objects.all())) & ~Q(Exists(OF_ORDER))

# What platforms close unpaid orders after, as they come; every house may know better.
TERMS: dict[str, int] = {
    Platform.TAOBAO: 24,
    Platform.JD: 24,
    Platform.PINDUODUO: 24,
    Platform.DOUYIN: 1,
    Platform.YOUZAN: 1,
    Platform.SHOPIFY: 72,
    Platform.OWN: 72,
}
HOUR = 60
PLANS = (
    (
        ChasePlan(
            code="KNOWN",
            name="老客",
            name_en="Known buyers",
            expression="paid_before = yes",
            position=10,
            salt="known-1",
        ),
        (
            ChaseStep(anchor=ChaseAnchor.AFTER, minutes=HOUR, channel=Channel.CHAT),
            ChaseStep(
                anchor=ChaseAnchor.BEFORE,
                minutes=HOUR,
                channel=Channel.CHAT,
                reason=ChaseReason.FORGOT,
            ),
        ),
    ),
    (
        ChasePlan(
            code="NEW", name="新客", name_en="New buyers", expression="", position=20, salt="new-1"
        ),
        (
            ChaseStep(
                anchor=ChaseAnchor.AFTER,
                minutes=20,
                channel=Channel.CHAT,
                reason=ChaseReason.FIRST_TIME,
            ),
            ChaseStep(
                anchor=ChaseAnchor.AFTER,
                minutes=3 * HOUR,
                channel=Channel.PHONE,
                reason=ChaseReason.COMPARES,
            ),
            ChaseStep(
                anchor=ChaseAnchor.BEFORE,
                minutes=HOUR,
                channel=Channel.CHAT,
                reason=ChaseReason.FORGOT,
            ),
        ),
    ),
)


def rules() -> ChaseRules | None:
    """Return what binds all plans; nothing while chasing has not been set up."""
    return ChaseRules.objects.first()


def terms() -> dict[str, int]:
    """Return after how many hours each platform closes what nobody paid."""
    return {**TERMS, **dict(ClosingTerm.objects.values_list("platform", "hours"))}


def is_quiet(binding: ChaseRules, at: datetime) -> bool:
    """Say whether nobody is to be disturbed at an instant."""
    begin, end, now = binding.quiet_from, binding.quiet_until, timezone.localtime(at).time()
    return begin <= now < end if begin <= end else now >= begin or now < end


def next_allowed(binding: ChaseRules, at: datetime) -> datetime:
    """Return the instant itself, or the end of the quiet hours that it falls into."""
    if not is_quiet(binding, at):
        return at
    local = timezone.localtime(at)
    morning = datetime.combine(local.date(), binding.quiet_until, local.tzinfo)
    return morning if morning > local else morning + timedelta(days=1)


def is_held_out(plan: ChasePlan, order_id: int) -> bool:
    """Draw whether an order stays unchased: the same answer whoever asks, and as often."""
    drawn = hashlib.sha256(f"{plan.salt}:{order_id}".encode()).digest()
    return int.from_bytes(drawn[:4]) % 100 < plan.holdout_percent


class Due(NamedTuple):
    """When the plan chases next, and by which way."""

    at: datetime
    channel: str


def due_at(chase: Chase, step: ChaseStep) -> datetime:
    """Return when a step is due for an order, quiet hours aside."""
    if step.anchor == ChaseAnchor.AFTER:
        return chase.since_at + step.wait
    return chase.closes_at - step.wait


def next_due(
    chase: Chase, steps: list[ChaseStep], last: datetime | None, binding: ChaseRules | None
) -> Due | None:
    """Return the step after the last word, moved out of the quiet hours; none if it closes first.

    `last` is when the customer was last spoken to.
    """
    if binding is None or chase.is_held_out:
        return None
    begin = last or chase.since_at
    coming = sorted(
        (next_allowed(binding, at), step.channel)
        for step in steps
        if (at := due_at(chase, step)) > begin
    )
    return next((Due(*one) for one in coming if one[0] < chase.closes_at), None)
