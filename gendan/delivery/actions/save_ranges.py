"""Entering the waybill numbers that carriers gave us."""

import re
from collections.abc import Sequence
from itertools import pairwise

from django.db.models import F
from django.db.models.functions import Length
from django.utils.translation import gettext as _

from gendan.delivery.models import NumberRange
from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.ui.errors import Refused
from gendan.warehouse.models import Shipment


class RangesOverlap(Refused):
    """A number would be given out twice."""


class NotTheirNumbers(Refused):
    """The numbers do not look like the carrier's."""


def save_ranges(
    ranges: Sequence[NumberRange], *, by: Actor, why: str = ""
) -> Sequence[NumberRange]:
    """Add ranges and change those that have an id.

    :raises NotTheirNumbers: if a number does not fit the carrier's pattern
    :raises RangesOverlap: if two ranges of a carrier share a number, or a parcel bears one already
    """
    columns = ["warehouse", "prefix", "digits", "next", "last"]
    with entry("numbers.saved", by=by, why=why, count=len(ranges)):
        NumberRange.objects.bulk_create([numbers for numbers in ranges if not numbers.pk])
        NumberRange.objects.bulk_update([n for n in ranges if n.pk], columns)
        for numbers in ranges:
            _refuse_foreign(numbers)
            _refuse_used(numbers)
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


def _refuse_foreign(numbers: NumberRange) -> None:
    pattern = numbers.carrier.pattern
    ends = {numbers.written(numbers.next), numbers.written(numbers.last)}
    wrong = [number for number in ends if pattern and not re.fullmatch(pattern, number)]
    if wrong and numbers.next <= numbers.last:
        raise NotTheirNumbers(
            _("“%(waybill)s” is no waybill number of %(carrier)s. Check prefix and digits.")
            % {"waybill": wrong[0], "carrier": numbers.carrier}
        )


def _refuse_used(numbers: NumberRange) -> None:
    """Look for parcels that bear one of the numbers; numbers of one length sort as they count."""
    first, last = numbers.written(numbers.next), numbers.written(numbers.last)
    used = (
        Shipment.objects.annotate(letters=Length("waybill"))
        .filter(carrier=numbers.carrier_id, waybill__range=(first, last), letters=len(last))
        .order_by("waybill")
        .first()
    )
    if used:
        raise RangesOverlap(
            _("Shipment %(number)s bears %(waybill)s already. Begin after the numbers in use.")
            % {"number": used.number, "waybill": used.waybill}
        )
