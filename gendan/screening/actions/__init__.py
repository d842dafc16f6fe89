"""Everything that can happen in screening."""

from gendan.screening.actions.clear import CannotClear, clear, force, release
from gendan.screening.actions.hold import NoReason, hold
from gendan.screening.actions.mend import (
    correct_address,
    correct_phone,
    map_codes,
    map_lines,
)
from gendan.screening.actions.rules import CannotRead, save_rule, switch
from gendan.screening.actions.screen import (
    look_again,
    recheck,
    rescreen,
    screen,
    screen_next,
    settle,
)
from gendan.screening.actions.stop_changed import stop_changed
from gendan.screening.actions.sweep import raise_long_held, sweep

__all__ = [
    "CannotClear",
    "CannotRead",
    "NoReason",
    "clear",
    "correct_address",
    "correct_phone",
    "force",
    "hold",
    "look_again",
    "map_codes",
    "map_lines",
    "raise_long_held",
    "recheck",
    "release",
    "rescreen",
    "save_rule",
    "screen",
    "screen_next",
    "settle",
    "stop_changed",
    "sweep",
    "switch",
]
