"""Handing over, writing back, and following parcels."""

from gendan.delivery.models.handover import Handover, NumberRange, WriteBack, WriteBackState
from gendan.delivery.models.tracking import (
    Notice,
    Subscription,
    SubscriptionState,
    Trace,
    TraceState,
)

__all__ = [
    "Handover",
    "Notice",
    "NumberRange",
    "Subscription",
    "SubscriptionState",
    "Trace",
    "TraceState",
    "WriteBack",
    "WriteBackState",
]
