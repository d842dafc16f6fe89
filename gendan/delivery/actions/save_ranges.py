"""Entering the waybill numbers that carriers gave us."""

from collections.abc import Sequence
from itertools import pairwise

from django.db.models import F
from django.utils.translation import gettext as _

from gendan.delivery.models import NumberRange
from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.ui.errors import Refused


class RangesOverlap(Refused):
    """A number would be given out twice."""


def save_ranges(
    ranges: Sequence[NumberRange], *, by: Actor, why: str = ""
) -> Sequence[NumberRange]:
    """Add ranges and change those that have an id.

    :raises RangesOverlap: if two ranges of a carrier share a number
    """
    columns = ["warehouse", "prefix", "digits", "next", "last"]
    with entry("numbers.saved", by=by, why=why, count=len(ranges)):
        NumberRange.objects.bulk_create([numbers for numbers in ranges if not numbers.pk])
        NumberRange.objects.bulk_update([n for n in ranges if n.pk], columns)
        _refuse_overlap({numbers.carrier_id for numbers in ranges})
    return ranges


def _refuse_overlap(carriers: set[int]) -> None:
    """Look once everything is written: what overlaps is taken back with the entry."""
    mine = NumberRange.objects.filter(carrier__in=carriers, next__lte=F("last")).order_by(
        "carrier", "prefix", "next"
    )
    for one, other in pairwise(mine):
        same = (one.carrier_id, one.prefix) == (other.carrier_id, other.prefix)
        if same and one.last >= other.next:
            raise RangesOverlap(
                _("%(one)s and %(other)s share numbers. Correct one of the two.")
                % {"one": one, "other": other}
            )
