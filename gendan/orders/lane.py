"""The lock of the urgent lane, taken by whatever declares orders urgent."""

from gendan.orders.models.urgency import LaneRules


def lock_lane() -> LaneRules:
    """Let one declare after the other: or the day's last place would be given twice.

    It is locked after orders and before their parcels.
    """
    rules = LaneRules.objects.select_for_update()
    if not rules.exists():
        LaneRules.objects.bulk_create([LaneRules()], ignore_conflicts=True)
    return rules.get()
