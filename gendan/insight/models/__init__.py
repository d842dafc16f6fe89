"""The kept figures of days, and the errors that are counted."""

from gendan.insight.models.day import Bookmark, Day
from gendan.insight.models.mistake import (
    Because,
    FoundAt,
    Mistake,
    MistakeQuerySet,
    MistakeSource,
    MistakeState,
    Sort,
    What,
)

__all__ = [
    "Because",
    "Bookmark",
    "Day",
    "FoundAt",
    "Mistake",
    "MistakeQuerySet",
    "MistakeSource",
    "MistakeState",
    "Sort",
    "What",
]
