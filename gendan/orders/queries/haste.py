"""How many orders a day may be urgent, and how many are."""

from datetime import date

from gendan.orders.models.urgency import LaneRules, Origin, Urgency

BEYOND = "orders.urge_beyond"  # the right to declare more of them, and to change the rules


def lane_rules() -> LaneRules:
    """Return the rules of the urgent lane as they are now."""
    return LaneRules.objects.first() or LaneRules()


def places_taken(on: date) -> int:
    """Return how many orders were declared urgent on a day."""
    return Urgency.objects.filter(origin=Origin.DECLARED, on=on).count()
