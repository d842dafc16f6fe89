"""Who is ready for the warehouse's next steps."""

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from gendan.orders.models import Line, Order, OrderQuerySet
from gendan.orders.models.order import RefundState
from gendan.orders.stages import MUST_NOT_SHIP, SHIPPED_ON_PLATFORM
from gendan.orders.stages import Stage as OrderStage
from gendan.screening.models import Hold, Severity
from gendan.stock.models import Reservation
from gendan.warehouse.models import Shipment, ShipmentLine, ShipmentQuerySet
from gendan.warehouse.stages import Stage
from gendan.worklist.models import Item, Kind

IN_THE_HOUSE = (Stage.PLANNED, Stage.RELEASED, Stage.PICKED, Stage.PACKED)


def ready_to_plan() -> OrderQuerySet:
    """Orders with reserved goods that no shipment holds yet, and that may be shipped.

    Goods that were not found on their shelf are not looked for again before somebody has counted,
    and a recalled parcel is not packed anew before its goods are back on the shelf.
    """
    # Every question is asked by a key, one thing at a time (values, not joins): tables that have
    # just grown are without statistics, which could lead to looking through all of them for each.
    shipment = Shipment.objects.filter(
        pk=OuterRef("shipment"), warehouse=OuterRef(OuterRef("warehouse"))
    )
    planned = (
        ShipmentLine.objects.alias(stage=Subquery(shipment.values("stage")))
        .filter(line=OuterRef("line"), stage__in=IN_THE_HOUSE)
        .values("line")
        .annotate(pieces=Sum("quantity"))
        .values("pieces")
    )
    reserved = Reservation.objects.filter(
        line=OuterRef("pk"), quantity__gt=Coalesce(Subquery(planned), 0)
    )
    loose = (
        Line.objects.alias(reserved=Subquery(reserved.values("pk")[:1]))
        .filter(order=OuterRef("pk"))
        .exclude(reserved=None)
    )
    stopped = _stopped_lines("pk")
    return (
        Order.objects.alias(
            loose=Subquery(loose.values("pk")[:1]), stopped=Subquery(stopped.values("pk")[:1])
        )
        .filter(stage=OrderStage.ALLOCATED, stopped=None)
        .exclude(loose=None)
        .exclude(platform_state__in=MUST_NOT_SHIP)
        .exclude(pk__in=_missed())
        .exclude(pk__in=_to_be_put_back())
        .exclude(shipped_elsewhere("pk"))
    )


def ready_for_wave() -> ShipmentQuerySet:
    """Planned shipments of which everything may leave the house.

    Goods of theirs that were fetched for a recalled parcel are put back first.
    """
    # Asked shipment by shipment, too: whoever takes a few of them waits for those few alone.
    stopped = _stopped(Q(order__in=_to_be_put_back())).values("shipment")[:1]
    planned = Shipment.objects.filter(stage=Stage.PLANNED)
    return planned.alias(stopped=Subquery(stopped)).filter(stopped=None)


def blocked() -> ShipmentQuerySet:
    """Shipments in the house of which something may not leave it."""
    inside = Shipment.objects.filter(stage__in=IN_THE_HOUSE)
    return inside.alias(stopped=Subquery(_stopped().values("pk")[:1])).exclude(stopped=None)


def _stopped(more: Q | None = None) -> QuerySet[ShipmentLine]:
    """What of a shipment may not leave the house."""
    return ShipmentLine.objects.filter(
        (more or Q())
        | Q(order__platform_state__in=MUST_NOT_SHIP)
        | Q(order__stage=OrderStage.CANCELLED)
        | ~Q(line__refund_state=RefundState.NONE)
        | Q(line__is_cancelled=True)
        | shipped_elsewhere("order", "order__")
        | Q(order__in=_held()),
        shipment=OuterRef("pk"),
    )


def _held() -> QuerySet[Hold, int]:
    """The orders (by id) that a reviewer has to look at before they leave."""
    open_now = Hold.objects.filter(cleared_at=None).exclude(severity=Severity.NOTE)
    return open_now.values_list("order_id", flat=True)


def shipped_elsewhere(order: str, prefix: str = "") -> Q:
    """The condition for orders that the platform calls shipped though nothing of them left us."""
    ours = Line.objects.filter(order=OuterRef(order), shipped__gt=0)
    return Q(**{f"{prefix}platform_state__in": SHIPPED_ON_PLATFORM}) & ~Q(Exists(ours))


def combined() -> Q:
    """The condition for shipments that hold goods of several orders."""
    lines = ShipmentLine.objects.filter(shipment=OuterRef("pk"))
    first = ShipmentLine.objects.filter(shipment=OuterRef("shipment")).order_by("order")
    return Q(Exists(lines.filter(order__gt=Subquery(first.values("order")[:1]))))


def _missed() -> QuerySet[Item, int]:
    """What names its goods was missed on a shelf; the others wait for goods that are to come."""
    waiting = Item.objects.filter(kind=Kind.SHORT, subject="order", done_at=None).exclude(detail="")
    return waiting.values_list("subject_id", flat=True)


def _to_be_put_back() -> QuerySet[ShipmentLine, int]:
    waiting = Item.objects.filter(kind=Kind.RECALLED, done_at=None).values("subject_id")
    return ShipmentLine.objects.filter(shipment__in=waiting).values_list("order_id", flat=True)


def _stopped_lines(order: str) -> QuerySet[Line]:
    """Lines that must not leave; what is given up and promised nothing stops nobody."""
    given_up = Q(is_cancelled=True) | Q(refund_state=RefundState.REFUNDED)
    promised = Exists(Reservation.objects.filter(line=OuterRef("pk")))
    return Line.objects.filter(
        Q(refund_state=RefundState.REQUESTED) | given_up & promised, order=OuterRef(order)
    )
