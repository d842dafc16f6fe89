"""How many orders a day may be urgent, and how many are."""

from datetime import date

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from django.db.models.expressions import Combinable

from gendan.orders.models import Order
from gendan.orders.models.urgency import LaneRules, Origin, Urgency

BEYOND = "orders.urge_beyond"  # the right to declare more of them, and to change the rules


def lane_rules() -> LaneRules:
    """Return the rules of the urgent lane as they are now."""
    return LaneRules.objects.first() or LaneRules()


def places_taken(on: date) -> int:
    """Return how many orders were declared urgent on a day and did not give their place back."""
    return Urgency.objects.filter(origin=Origin.DECLARED, on=on, gave_back=False).count()


def unused() -> Combinable:
    """Return whether an urgency held a place of its day, and no hand has moved for it yet.

    Hands move from the wave on; this room knows parcels by name only. Who is taken out of the wave
    again has cost nobody anything.
    """
    in_a_wave = Order.objects.filter(
        pk=OuterRef("order"), shipment_lines__shipment__wave__isnull=False
    )
    return ExpressionWrapper(Q(origin=Origin.DECLARED) & ~Exists(in_a_wave), BooleanField())
