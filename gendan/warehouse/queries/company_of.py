"""Who could share a parcel with chosen orders and shipments, for the page that combines them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from gendan.orders.models import Order, OrderQuerySet
from gendan.orders.stages import Stage as OrderStage
from gendan.people.access import Worker
from gendan.warehouse.models import Shipment, ShipmentQuerySet
from gendan.warehouse.queries.company import ON_ITS_WAY
from gendan.warehouse.queries.foreseen import ParcelSeen, parcels_seen
from gendan.warehouse.queries.ready import IN_THE_HOUSE
from gendan.warehouse.stages import BEFORE_PACKING


@dataclass(frozen=True)
class Company:
    """Parcels that goods can be moved between, orders that could join, and those to come."""

    parcels: Sequence[ParcelSeen]
    loose: Sequence[Order]
    to_come: Sequence[Order]
    packed: Sequence[Shipment]  # too far on
    named: frozenset[int]  # orders that are meant, if several are: alone or by their parcels

    @property
    def ticked(self) -> tuple[set[int], set[int]]:
        """Return the orders and the parcels that go together first of all.

        Who names several means those; who names one asks what could go with it.
        """
        orders = {order.pk for order in self.loose}
        shipments = {one.shipment.pk: {order.pk for order in one.orders} for one in self.parcels}
        if not self.named:
            return orders, set(shipments)
        return orders & self.named, {pk for pk, held in shipments.items() if held & self.named}

    @property
    def is_alone(self) -> bool:
        return len(self.parcels) + len(self.loose) + len(self.to_come) + len(self.packed) < 2


def company_of(worker: Worker, orders: OrderQuerySet, shipments: ShipmentQuerySet) -> Company:
    """Return the chosen and whatever else of the shop goes to the same receiver and place."""
    chosen = Order.objects.filter(
        Q(pk__in=orders.values("pk")) | Q(shipment_lines__shipment__in=shipments.values("pk"))
    ).distinct()
    several = orders.count() + shipments.count() > 1
    alike = Q(pk__in=[order.pk for order in chosen])
    for order in chosen:
        if order.place_key:
            alike |= Q(
                shop=order.shop_id,
                place_key=order.place_key,
                receiver_name=order.receiver_name,
                receiver_phone=order.receiver_phone,
                stage__in=(*ON_ITS_WAY, OrderStage.ALLOCATED),
            )
    found = Order.objects.visible_to(worker).filter(alike).select_related("shop")
    ids = list(found.values_list("pk", flat=True))
    near = Shipment.objects.visible_to(worker).filter(lines__order__in=ids, stage__in=IN_THE_HOUSE)
    parcels = list(near.distinct().order_by("pk"))
    planned = set(
        Order.objects.filter(shipment_lines__shipment__stage__in=(*IN_THE_HOUSE, "SHIPPED"))
        .filter(pk__in=ids)
        .values_list("pk", flat=True)
    )
    waiting = [order for order in found.order_by("pk") if order.pk not in planned]
    movable = [one.pk for one in parcels if one.stage in BEFORE_PACKING]
    loose = [order for order in waiting if order.stage == OrderStage.ALLOCATED]
    return Company(
        parcels=parcels_seen(movable),
        loose=loose,
        to_come=[order for order in waiting if order.stage in ON_ITS_WAY],
        packed=[one for one in parcels if one.stage not in BEFORE_PACKING],
        named=frozenset(order.pk for order in chosen if several),
    )
