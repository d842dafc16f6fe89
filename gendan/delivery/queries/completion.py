"""Orders whose goods have all arrived."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Subquery

from gendan.orders.models import Line, Order, OrderQuerySet
from gendan.orders.stages import Stage as OrderStage
from gendan.warehouse.models import Shipment, ShipmentLine
from gendan.warehouse.stages import Stage

ON_ITS_WAY = (Stage.PLANNED, Stage.RELEASED, Stage.PICKED, Stage.PACKED, Stage.SHIPPED)


def delivered(orders: OrderQuerySet) -> OrderQuerySet:
    """Those of the orders of which something has arrived and nothing is still to come."""
    lines = ShipmentLine.objects.filter(order=OuterRef("pk"))
    unshipped = Line.objects.filter(
        order=OuterRef("pk"), is_cancelled=False, is_set=False, shipped__lt=F("quantity")
    )
    return orders.filter(
        Exists(lines.filter(shipment__stage=Stage.DELIVERED)),
        ~Exists(lines.filter(shipment__stage__in=ON_ITS_WAY)),
        ~Exists(lines.filter(shipment__stage__in=(Stage.REFUSED, Stage.LOST))),
        ~Exists(unshipped),
    )


def due_for_completion(*, now: datetime) -> OrderQuerySet:
    """Delivered orders whose last parcel arrived a set number of days ago."""
    last = (
        Shipment.objects.filter(lines__order=OuterRef("pk"), stage=Stage.DELIVERED)
        .order_by("-delivered_at")
        .values("delivered_at")[:1]
    )
    long_ago = now - timedelta(days=settings.COMPLETE_AFTER_DAYS)
    waiting = Order.objects.filter(stage=OrderStage.ALLOCATED)
    return delivered(waiting).alias(arrived_at=Subquery(last)).filter(arrived_at__lt=long_ago)
