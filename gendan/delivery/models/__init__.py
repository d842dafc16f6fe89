"""Handing over, writing back, and following parcels."""

from gendan.delivery.models.handover import Handover, NumberRange, WriteBack, WriteBackState
from gendan.delivery.models.promise import (
    Forecast,
    Pace,
    Penalty,
    Promise,
    PromiseSource,
    PromiseState,
    Risk,
    Transit,
)
from gendan.delivery.models.tracking import (
    Notice,
    Subscription,
    SubscriptionState,
    Trace,
    TraceState,
)

__all__ = [
    "Forecast",
    "Handover",
    "Notice",
    "NumberRange",
    "Pace",
    "Penalty",
    "Promise",
    "PromiseSource",
    "PromiseState",
    "Risk",
    "Subscription",
    "SubscriptionState",
    "Trace",
    "TraceState",
    "Transit",
    "WriteBack",
    "WriteBackState",
]
