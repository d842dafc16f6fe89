"""What the urgent lane shows on an order's page: who declared it, whom it displaced, its clocks."""

from django.db.models import prefetch_related_objects
from django.urls import reverse

from gendan.orders.models import Order, Urgency
from gendan.orders.page import Panel, Rare
from gendan.ui.prepared import Given

URGENCIES = Rare(lambda: Urgency.objects.filter(order=Given("order")).order_by("-pk"))


def urgencies_of(order: Order) -> list[Urgency]:
    """Return when the order was urgent, the latest first, with the clocks."""
    records = URGENCIES.of(order)
    prefetch_related_objects(records, "laps")
    return records


def lane_panel(records: list[Urgency]) -> Panel:
    """Return the panel of the lane: on top while its clocks run."""
    runs = records[0].ended_at is None
    context = {"records": records, "lane_url": reverse("urgent-lane")}
    return Panel("delivery/_order_lane.html", context, 4 if runs else 46)
