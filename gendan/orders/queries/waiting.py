"""Where orders stand, counted; and who may look at one in full right now."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Count

from gendan.orders.models import Order, Unmasking
from gendan.people.access import Worker
from gendan.people.models import Person


def stage_counts(worker: Worker) -> Mapping[str, int]:
    """Return how many orders stand at each stage, of those the worker sees."""
    counted = Order.objects.visible_to(worker).order_by().values_list("stage")
    return dict(counted.annotate(number=Count("pk")))


def unmasked_until(order: Order, person: Person, *, now: datetime) -> datetime | None:
    """Return until when the person may see the order's phone and address in full."""
    return (
        Unmasking.objects.filter(order=order, person=person, until_at__gt=now)
        .order_by("-until_at")
        .values_list("until_at", flat=True)
        .first()
    )
