"""What the urgent lane shows on an order's page: who declared it, whom it displaced, its clocks."""

from django.urls import reverse

from gendan.orders.models import Order, Urgency
from gendan.orders.page import Panel


def urgencies_of(order: Order) -> list[Urgency]:
    """Return when the order was urgent, the latest first, with the clocks."""
    return list(Urgency.objects.filter(order=order).prefetch_related("laps").order_by("-pk"))


def lane_panel(records: list[Urgency]) -> Panel:
    """Return the panel of the lane: on top while its clocks run."""
    runs = records[0].ended_at is None
    context = {"records": records, "lane_url": reverse("urgent-lane")}
    return Panel("delivery/_order_lane.html", context, 4 if runs else 46)
