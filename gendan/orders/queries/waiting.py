"""Who may look at an order in full right now."""

from datetime import datetime

from gendan.orders.models import Order, Unmasking
from gendan.people.models import Person


def unmasked_until(order: Order, person: Person, *, now: datetime) -> datetime | None:
    """Return until when the person may see the order's phone and address in full."""
    return (
        Unmasking.objects.filter(order=order, person=person, until_at__gt=now)
        .order_by("-until_at")
        .values_list("until_at", flat=True)
        .first()
    )
