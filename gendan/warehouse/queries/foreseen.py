"""What comes of combining or splitting: the act itself, looked at, and undone."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from gendan.orders.models import Order
from gendan.stock.models import Rest
from gendan.ui.errors import Refused
from gendan.warehouse.foretelling import FORETELLERS, Foretold
from gendan.warehouse.models import PrintPage, PutBack, Shipment, ShipmentLine, ShipmentQuerySet
from gendan.warehouse.stages import Stage


@dataclass(frozen=True)
class ParcelSeen:
    """A parcel with what is in it."""

    shipment: Shipment
    lines: Sequence[ShipmentLine]
    name: str = ""
    is_new: bool = False

    @property
    def orders(self) -> list[Order]:
        return list({line.order_id: line.order for line in self.lines}.values())

    @property
    def worth_fen(self) -> int:
        """What its pieces cost."""
        return sum(line.line.total_fen * line.quantity // line.line.quantity for line in self.lines)


@dataclass(frozen=True)
class Foreseen:
    """What would be, or the sentence that says why nothing would."""

    refused: str = ""
    parcels: Sequence[ParcelSeen] = ()
    emptied: Sequence[Shipment] = ()  # as they were: they are recalled
    put_back: Sequence[PutBack] = ()  # what lies in baskets and goes back onto the shelf
    baskets: Sequence[Shipment] = ()  # as they were: their goods stay where they lie
    waybills: Sequence[str] = ()  # that are given up
    waves: Sequence[str] = ()  # that lose a parcel
    papers: Sequence[PrintPage] = ()  # that are no longer true: to be destroyed
    rests: Sequence[Rest] = ()  # what of the orders waits for its goods
    parts: Sequence[Foretold] = ()

    @property
    def warnings(self) -> list[str]:
        return [warning for part in self.parts for warning in part.warnings]


def foresee(act: Callable[[], ShipmentQuerySet], sources: Sequence[int]) -> Foreseen:
    """Do the act, look, and undo it. `sources` are the shipments that there are now."""
    before = list(
        Shipment.objects.numbered(sources).select_related("wave", "carrier").order_by("pk")
    )
    newest = Shipment.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    try:
        with transaction.atomic():
            ids = sorted(act().values_list("pk", flat=True))
            found = parcels_seen(ids, newest=newest)
            names = {parcel.shipment.pk: parcel.name for parcel in found}
            parts = [part for ask in FORETELLERS if (part := ask(names))]
            put_back, rests = _put_back(sources), _rests(found)
            transaction.set_rollback(True)
    except Refused as refused:
        return Foreseen(refused.sentence)
    back = {row.shipment_id for row in put_back}
    baskets = [one for one in before if one.stage == Stage.PICKED and one.pk not in back]
    return Foreseen(
        parcels=found,
        emptied=[shipment for shipment in before if shipment.pk not in ids],
        put_back=put_back,
        baskets=baskets,
        waybills=[shipment.waybill for shipment in before if shipment.waybill],
        waves=sorted({one.wave.number for one in before if one.wave and one not in baskets}),
        papers=list(
            PrintPage.objects.filter(shipment__in=sources)
            .select_related("shipment")
            .order_by("shipment", "pk")
        ),
        rests=rests,
        parts=parts,
    )


def _put_back(sources: Sequence[int]) -> list[PutBack]:
    rows = PutBack.objects.filter(shipment__in=list(sources)).select_related("shipment", "sku")
    return list(rows.order_by("shipment", "pk"))


def _rests(parcels: Sequence[ParcelSeen]) -> list[Rest]:
    orders = {order.pk for parcel in parcels for order in parcel.orders}
    waiting = Rest.objects.filter(order__any=sorted(orders)).select_related("order", "sku")
    return list(waiting.order_by("order", "line"))


def parcels_seen(ids: Sequence[int], newest: int | None = None) -> list[ParcelSeen]:
    """Return the parcels with their lines, in the order of their keys.

    Those are new that were made after the newest of before, if that is said.
    """
    lines: dict[int, list[ShipmentLine]] = defaultdict(list)
    found = ShipmentLine.objects.filter(shipment__any=list(ids)).select_related(
        "order", "line", "sku"
    )
    for line in found.order_by("order", "line"):
        lines[line.shipment_id].append(line)
    shipments = Shipment.objects.numbered(ids).select_related("carrier", "warehouse", "shop")
    return [
        _seen(number, one, lines[one.pk], newest is not None and one.pk > newest)
        for number, one in enumerate(shipments.order_by("pk"), 1)
    ]


def _seen(number: int, shipment: Shipment, lines: list[ShipmentLine], is_new: bool) -> ParcelSeen:
    """A new parcel has no number that stays: the act is undone."""
    name = _("New parcel %(n)s") % {"n": number} if is_new else shipment.number
    return ParcelSeen(shipment, lines, name, is_new)
