"""Other orders of the same buyer that matter to an order: its doubles, and its company."""

from datetime import timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Coalesce, Concat

from gendan.orders.models import Line, Order
from gendan.orders.stages import Stage

ALIVE = (Stage.SCREENING, Stage.HELD, Stage.READY, Stage.SHORT, Stage.ALLOCATED)
# Shipments at one of these can't be joined any more; the warehouse is a later room.
GONE = ("PICKED", "PACKED", "SHIPPED", "DELIVERED", "REFUSED", "RETURNED", "LOST")
DAY = timedelta(days=1)


def of_the_same_buyer() -> "QuerySet[Order]":
    """Return the living orders of an outer order's buyer to the same place, without itself."""
    same_buyer = Q(customer__isnull=False, customer=OuterRef("customer")) | (
        ~Q(buyer="") & Q(buyer=OuterRef("buyer"), shop=OuterRef("shop"))
    )
    return Order.objects.filter(
        same_buyer, ~Q(place_key=""), place_key=OuterRef("place_key"), stage__in=ALIVE
    ).exclude(pk=OuterRef("pk"))


def alike() -> "QuerySet[Order]":
    """Return the earlier orders that an outer order may repeat: the same goods within a day."""
    earlier = Q(placed_at__lt=OuterRef("placed_at")) | Q(
        placed_at=OuterRef("placed_at"), pk__lt=OuterRef("pk")
    )
    return (
        of_the_same_buyer()
        .filter(earlier, placed_at__gte=OuterRef("placed_at") - DAY)
        .alias(theirs=_goods(OuterRef("pk")), ours=_goods(OuterRef(OuterRef("pk"))))
        .filter(theirs=F("ours"))
    )


def going_the_same_way() -> "QuerySet[Order]":
    """Return the orders that an outer order could share a parcel with."""
    return (
        of_the_same_buyer()
        .filter(
            shop=OuterRef("shop"),
            receiver_name=OuterRef("receiver_name"),
            receiver_phone=OuterRef("receiver_phone"),
            is_cod=False,
        )
        .exclude(shipment_lines__shipment__stage__in=GONE)
    )


def _goods(order: Any) -> ArraySubquery:
    what = Coalesce(Cast("sku_id", TextField()), F("title"), output_field=TextField())
    said = Concat(what, Value("×"), Cast("quantity", TextField()), output_field=TextField())
    # What was ordered, whatever the house has added to it meanwhile.
    lines = Line.objects.filter(order=order, is_cancelled=False, is_gift=False, part_of=None)
    return ArraySubquery(lines.annotate(said=said).order_by("said").values("said"))
