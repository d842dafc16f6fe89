"""Handing over, writing back, and following parcels."""

from gendan.delivery.models.handover import Handover, NumberRange, WriteBack, WriteBackState
from gendan.delivery.models.interception import (
    Aim,
    Interception,
    InterceptionQuerySet,
    InterceptionState,
    Remedy,
)
from gendan.delivery.models.limit import PLATFORM_TAKES, ShopLimit, Takes
from gendan.delivery.models.part import PartForecast
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
from gendan.delivery.models.reckoning import Reckoning, reckoning
from gendan.delivery.models.tracking import (
    Notice,
    Subscription,
    SubscriptionState,
    Trace,
    TraceState,
)

__all__ = [
    "PLATFORM_TAKES",
    "Aim",
    "Forecast",
    "Handover",
    "Interception",
    "InterceptionQuerySet",
    "InterceptionState",
    "Notice",
    "NumberRange",
    "Pace",
    "PartForecast",
    "Penalty",
    "Promise",
    "PromiseSource",
    "PromiseState",
    "Reckoning",
    "Remedy",
    "Risk",
    "ShopLimit",
    "Subscription",
    "SubscriptionState",
    "Takes",
    "Trace",
    "TraceState",
    "Transit",
    "WriteBack",
    "WriteBackState",
    "reckoning",
]
