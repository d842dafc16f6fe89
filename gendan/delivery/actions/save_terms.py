"""What lateness costs on each platform, how long made goods take, and what else is assumed."""

from collections.abc import Mapping

from gendan.catalog.models import LeadTime
from gendan.delivery.models import Penalty, Reckoning
from gendan.journal.actors import Actor
from gendan.journal.writing import entry


def save_penalty(penalty: Penalty, *, by: Actor, why: str = "") -> Penalty:
    """Add what a platform takes for an order that is late, or change it."""
    with entry("penalties.saved", by=by, why=why):
        penalty.save()
    return penalty


def save_reckoning(said: Reckoning, *, by: Actor, why: str = "") -> Reckoning:
    """Say what the forecast takes where nothing is measured, and what counts as late."""
    with entry("reckoning.saved", by=by, why=why):
        said.save()
    return said


def save_lead_times(days: Mapping[int, int], *, by: Actor, why: str = "") -> None:
    """Say how many days goods (by SKU) take to make; 0: they lie on the shelf."""
    made = [LeadTime(sku_id=sku, days=number) for sku, number in days.items() if number]
    with entry("lead_times.saved", by=by, why=why, count=len(days)):
        LeadTime.objects.filter(
            sku__any=[sku for sku, number in days.items() if not number]
        ).delete()
        LeadTime.objects.bulk_create(
            made, update_conflicts=True, unique_fields=["sku"], update_fields=["days"]
        )
