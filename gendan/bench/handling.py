"""What makes the merchant handle orders as the trade does, and the house's own jobs about it."""

from collections.abc import Callable

from django.utils import timezone

from gendan.channels.models import PublishRule
from gendan.channels.publishing.actions import capture, save_rule
from gendan.delivery.actions.forecast import forecast
from gendan.delivery.actions.keep_lane import keep_lane
from gendan.delivery.actions.measure import measure
from gendan.insight.actions.propose import propose
from gendan.journal.actors import Job
from gendan.orders.actions.chase import chase_now, install_chasing
from gendan.people.models import Person
from gendan.people.permissions import Role
from gendan.screening.actions import sweep
from gendan.stock.actions import look_after
from gendan.warehouse.actions.suggest import suggest

BY = Job("bench")
EVERY_FEW_MINUTES: tuple[Callable[..., object], ...] = (
    measure,
    forecast,
    keep_lane,
    look_after,
    suggest,
    propose,
    sweep,
)


def settle() -> None:
    """Set up what handling goes by: plans of chasing, and a rule for the shops."""
    boss = Person.objects.filter(roles__contains=[Role.SUPERVISOR]).earliest("pk")
    install_chasing(by=boss, now=timezone.now())
    save_rule(PublishRule(percent=80), by=boss)


def carry_on() -> None:
    """Do once what the worker does every few minutes."""
    now = timezone.now()
    for job in EVERY_FEW_MINUTES:
        job(by=BY, now=now)
    capture(by=BY, is_full=True)
    while chase_now(by=BY, now=now):
        pass
