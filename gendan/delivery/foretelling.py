"""What this room says before parcels are combined or split: which waybill each sub-order gets."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from gendan.delivery.models import Takes
from gendan.delivery.queries.telling import Telling, tellings, told_before
from gendan.warehouse.foretelling import Foretold, foretell
from gendan.warehouse.models import ShipmentLine


@foretell
def platforms(parcels: Mapping[int, str]) -> Foretold | None:
    """Name each platform order and sub-order with its parcels, and what can't be told."""
    lines = ShipmentLine.objects.filter(shipment__any=list(parcels))
    orders = set(lines.values_list("order", flat=True))
    found, before = tellings(orders), told_before(orders)
    if not found and not before:
        return None
    found = [replace(one, shipment=parcels.get(one.shipment_id, one.shipment)) for one in found]
    by_name: dict[tuple[str, str], list[Telling]] = defaultdict(list)
    for telling in found:
        by_name[telling.platform_order, telling.sub_order].append(telling)
    context = {"told": list(by_name.items()), "before": before}
    return Foretold("delivery/_foretold.html", context, list(_warnings(found)))


def _warnings(found: Sequence[Telling]) -> list[str]:
    lost = [telling for telling in found if not telling.is_taken]
    said = {
        Takes.WHOLE: _(
            "%(order)s: the platform takes one waybill; that of %(parcel)s can't be told."
        ),
        Takes.SUB_ORDER: _(
            "%(order)s / %(sub)s: the platform takes one waybill for a sub-order; that of "
            "%(parcel)s can't be told."
        ),
    }
    return [
        said.get(Takes(telling.takes), said[Takes.SUB_ORDER])
        % {"order": telling.platform_order, "sub": telling.sub_order, "parcel": telling.shipment}
        for telling in lost
    ]
