"""Orders whose goods have all arrived."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, F, Max, OuterRef, Subquery

from gendan.orders.models import Line, Order, OrderQuerySet
from gendan.orders.stages import Stage as OrderStage
from gendan.warehouse.models import Shipment, ShipmentLine
from gendan.warehouse.stages import Stage

# Looked up parcel by parcel (a value, not a join): of tables that have grown since they were last
# looked at, statistics say that nothing has arrived, and all that has would be gone through for
# each order.
PARCEL = Shipment.objects.filter(pk=OuterRef("shipment"))
LINES = ShipmentLine.objects.filter(order=OuterRef("pk")).alias(
    stage=Subquery(PARCEL.values("stage"))
)
ON_ITS_WAY = (Stage.PLANNED, Stage.RELEASED, Stage.PICKED, Stage.PACKED, Stage.SHIPPED)


def delivered(orders: OrderQuerySet) -> OrderQuerySet:
    """Those of the orders of which something has arrived and nothing is still to come."""
    unshipped = Line.objects.filter(
        order=OuterRef("pk"), is_cancelled=False, is_set=False, shipped__lt=F("quantity")
    )
    return orders.filter(
        Exists(LINES.filter(stage=Stage.DELIVERED)),
        ~Exists(LINES.filter(stage__in=(*ON_ITS_WAY, Stage.REFUSED, Stage.LOST))),
        ~Exists(unshipped),
    )


def due_for_completion(*, now: datetime) -> OrderQuerySet:
    """Delivered orders whose last parcel arrived a set number of days ago."""
    arrived = PARCEL.filter(stage=Stage.DELIVERED).values("delivered_at")
    last = LINES.values("order").annotate(at=Max(Subquery(arrived))).values("at")
    long_ago = now - timedelta(days=settings.COMPLETE_AFTER_DAYS)
    waiting = Order.objects.filter(stage=OrderStage.ALLOCATED)
    return delivered(waiting).alias(arrived_at=Subquery(last)).filter(arrived_at__lt=long_ago)
