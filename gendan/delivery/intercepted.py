"""What an order's page shows of parcels that a carrier is to stop."""

from gendan.delivery.models import Interception
from gendan.orders.models import Order
from gendan.orders.page import Contribution, Panel, Rare, contribute
from gendan.orders.stages import OVER, Stage
from gendan.people.access import Worker
from gendan.ui.prepared import Given

MAY_HAVE_LEFT = (Stage.ALLOCATED, *OVER)
OF_ORDER = Rare(
    lambda: (
        Interception.objects.filter(amendment__order=Given("order"))
        .select_related("shipment__carrier", "amendment")
        .order_by("-pk")
    )
)


@contribute
def intercepted(order: Order, worker: Worker) -> Contribution:
    """Contribute what was asked of carriers, and what they answered."""
    rows = OF_ORDER.of(order) if order.stage in MAY_HAVE_LEFT else []
    may = worker.may("delivery.follow")
    panel = Panel("delivery/_order_interceptions.html", {"rows": rows, "may_answer": may}, 3)
    return Contribution(
        panels=(panel,) if rows and worker.may("delivery.see") else (),
        subjects={"delivery_interception": [row.pk for row in rows]},
    )
