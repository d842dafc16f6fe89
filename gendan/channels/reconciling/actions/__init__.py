"""Everything that reconciling does: compare a day, settle what differs, take others' files."""

from gendan.channels.reconciling.actions.compare import (
    compare_again,
    compare_carrier,
    compare_house,
    compare_platform,
)
from gendan.channels.reconciling.actions.files import WrongFile, read_file, take_file
from gendan.channels.reconciling.actions.settle import NotOpen, reopen, settle

__all__ = [
    "NotOpen",
    "WrongFile",
    "compare_again",
    "compare_carrier",
    "compare_house",
    "compare_platform",
    "read_file",
    "reopen",
    "settle",
    "take_file",
]
