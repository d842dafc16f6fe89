"""Work items and the hours in which they are worked on."""

from gendan.worklist.models.hours import OpenHours, SpecialDay
from gendan.worklist.models.item import Item, ItemQuerySet, Kind

__all__ = ["Item", "ItemQuerySet", "Kind", "OpenHours", "SpecialDay"]
