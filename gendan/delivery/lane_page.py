"""What the urgent lane shows on an order's page: who declared it, whom it displaced, its clocks."""

from django.urls import reverse

from gendan.orders.models import Order, Urgency
from gendan.orders.page import Contribution, Panel, contribute
from gendan.people.access import Worker
from gendan.ui.prepared import Given, Prepared

URGENCIES = Prepared(
    lambda: (
        Urgency.objects.filter(order=Given("order"))
        .select_related("declared_by")
        .prefetch_related("laps")
        .order_by("-pk")
    )
)


@contribute
def lane(order: Order, worker: Worker) -> Contribution:
    """Contribute the lane to the page of an order that is in it, or was."""
    records = list(URGENCIES(order=order.pk))
    if not records:
        return Contribution()
    runs = records[0].ended_at is None
    context = {"records": records, "lane_url": reverse("urgent-lane")}
    return Contribution(
        panels=[Panel("delivery/_order_lane.html", context, 4 if runs else 46)],
        subjects={"orders_urgency": [record.pk for record in records]},
    )
