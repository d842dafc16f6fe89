"""Everything that can happen to mistakes: proposed, recorded, given an owner, closed."""

from gendan.insight.actions.estimate import estimate
from gendan.insight.actions.mistakes import (
    CannotRecord,
    NewMistake,
    Verdict,
    attribute,
    close,
    dismiss,
    record,
    reopen,
)
from gendan.insight.actions.propose import propose

__all__ = [
    "CannotRecord",
    "NewMistake",
    "Verdict",
    "attribute",
    "close",
    "dismiss",
    "estimate",
    "propose",
    "record",
    "reopen",
]
