"""Everything that publishing does: capture, rules, sending, files."""

from gendan.channels.publishing.actions.capture import capture, capture_soon
from gendan.channels.publishing.actions.export import (
    FileOvertaken,
    NothingToTell,
    ToldByApi,
    confirm,
    export,
    take_back,
)
from gendan.channels.publishing.actions.forget import forget
from gendan.channels.publishing.actions.items import set_items
from gendan.channels.publishing.actions.rules import (
    NotYours,
    Preview,
    RuleExists,
    WrongLimits,
    preview,
    save_rule,
    switch,
)
from gendan.channels.publishing.actions.send import send, try_again
from gendan.channels.publishing.actions.tend import tend

__all__ = [
    "FileOvertaken",
    "NotYours",
    "NothingToTell",
    "Preview",
    "RuleExists",
    "ToldByApi",
    "WrongLimits",
    "capture",
    "capture_soon",
    "confirm",
    "export",
    "forget",
    "preview",
    "save_rule",
    "send",
    "set_items",
    "switch",
    "take_back",
    "tend",
    "try_again",
]
