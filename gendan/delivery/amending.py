"""What this room does when orders are changed whose parcels have left: carriers are asked."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gendan.delivery.actions.intercept import intercept
from gendan.delivery.models import Aim, Interception
from gendan.orders.amending.following import Act, Change, Moment, Told, explain, follow, refuse
from gendan.orders.amending.wanted import Touch
from gendan.warehouse.models import Shipment, ShipmentLine
from gendan.warehouse.stages import Stage

ON_ITS_WAY = (Stage.SHIPPED, Stage.REFUSED)

explain(
    {
        "INTERCEPT": Told(
            gettext_lazy(
                "Parcel %(waybill)s has left: the carrier is asked (%(aim)s). It may say no."
            ),
            "warn",
            "truck",
        ),
    },
    {"aim": lambda code: str(Aim(code).label)},
)


@follow(Moment.MOVED)
def ask_carriers(act: Act) -> None:
    """Ask for the parcels on their way of orders whose way is to change."""
    asked = act.those(
        lambda change: change.has_left and bool(change.touches & {Touch.PLACE, Touch.WAY})
    )
    if not asked:
        return
    parcels = _on_their_way(asked)
    wanted = []
    for pk, change in asked.items():
        ours = parcels.get(pk, [])
        if not ours and not _waits_inside(change):
            raise refuse(change.order, _("everything of it has arrived already."))
        aim = Aim.RETURN if Touch.WAY in change.touches else Aim.ELSEWHERE
        for parcel in ours:
            wanted.append(Interception(shipment=parcel, amendment=change.amendment, aim=aim))
            named = f"{parcel.carrier or ''} {parcel.waybill}".strip()
            change.follows("INTERCEPT", waybill=named, aim=aim.value)
    intercept(wanted, by=act.by, now=act.now, why=act.why)


def _waits_inside(change: Change) -> bool:
    """Say whether a parcel of the order was taken back in the house, and goes elsewhere so."""
    return any(one.kind in ("RECALLED", "REPLANNED") for one in change.consequences)


def _on_their_way(orders: Iterable[int]) -> dict[int, list[Shipment]]:
    lines = ShipmentLine.objects.filter(order_id__any=list(orders), shipment__stage__in=ON_ITS_WAY)
    pairs = sorted(set(lines.values_list("order", "shipment")))
    rows = Shipment.objects.numbered({parcel for _order, parcel in pairs})
    known = {parcel.pk: parcel for parcel in rows.select_related("carrier")}
    found: dict[int, list[Shipment]] = {}
    for order, parcel in pairs:
        found.setdefault(order, []).append(known[parcel])
    return found
