"""What this room does when orders are changed: parcels are taken back before anything else moves.

What is only planned is planned anew. What is in a wave, fetched or packed is recalled: its papers
are void, its goods are put back by scan, its waybill is given up with it. Orders that travelled
with a changed one are planned anew, too; their goods stay set aside.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from gendan.orders.amending.following import Act, Change, Moment, Told, explain, follow
from gendan.orders.amending.wanted import Touch
from gendan.orders.models import Order
from gendan.warehouse.actions.recall import FETCHED, recall
from gendan.warehouse.actions.share_gifts import share_gifts
from gendan.warehouse.contents import add_up
from gendan.warehouse.models import Paper, PrintPage, Shipment, ShipmentLine
from gendan.warehouse.queries.ready import IN_THE_HOUSE
from gendan.warehouse.stages import Stage

explain(
    {
        "REPLANNED": Told(_("Parcel %(parcel)s is planned anew."), "", "box"),
        "RECALLED": Told(
            _("Parcel %(parcel)s (%(parcel_stage)s) is recalled; it can't be packed any more."),
            "warn",
            "hold",
        ),
        "PUT_BACK": Told(
            ngettext_lazy(
                "The warehouse puts %(pieces)s piece of %(parcel)s back by scan.",
                "The warehouse puts %(pieces)s pieces of %(parcel)s back by scan.",
                "pieces",
            ),
            "warn",
            "scan",
        ),
        "PAPERS": Told(
            _("Printed papers of %(parcel)s are void and destroyed: %(papers)s."), "warn", "trash"
        ),
        "WAYBILL": Told(
            _("Waybill %(waybill)s is void; the new parcel gets another one."), "warn", "truck"
        ),
        "ALONG": Told(
            _("Order %(order)s travelled in the same parcel: it is planned anew, too."),
            "",
            "combine",
        ),
        "AMOUNT": Told(_("Parcel %(parcel)s is told the new amount to collect."), "", "money"),
    },
    {
        "parcel_stage": lambda code: str(Stage(code).label),
        "papers": lambda counts: _papers(counts),
    },
)


@dataclass
class Parcel:
    """A shipment with goods of changed orders, as it stood when it was locked."""

    shipment: Shipment
    orders: list[int] = field(default_factory=list)
    papers: dict[str, int] = field(default_factory=dict)

    @property
    def is_inside(self) -> bool:
        return self.shipment.stage in IN_THE_HOUSE

    @property
    def tells_prices(self) -> bool:
        """Whether a price or an amount stands on what has been printed for it."""
        hidden = self.shipment.hides_prices
        return bool(self.shipment.cod_fen or (Paper.NOTE in self.papers and not hidden))

    def lets_go(self, change: Change) -> bool:
        """Say whether an order of it must be taken out because of its change."""
        if change.begins_anew:
            return True
        if change.has_left and Touch.PLACE in change.touches:
            return True
        is_open = self.shipment.stage == Stage.PLANNED
        return Touch.MONEY in change.touches and not is_open and self.tells_prices


@follow(Moment.BEFORE)
def lock(act: Act) -> None:
    """Lock the parcels of the orders, and see whether any of them has left."""
    parcels = _parcels(act.changes)
    for parcel in parcels:
        for order in parcel.orders:
            if change := act.changes.get(order):
                change.beside.setdefault("warehouse", []).append(parcel)
                change.has_left = change.has_left or not parcel.is_inside


@follow(Moment.LEAVING)
def take_back(act: Act) -> None:
    """Recall the parcels of changed orders, or take the orders out of what is only planned."""
    inside: dict[int, Parcel] = {}
    leaving: dict[int, set[int]] = defaultdict(set)
    for pk, change in act.changes.items():
        for parcel in change.beside.get("warehouse", []):
            if parcel.is_inside:
                inside[parcel.shipment.pk] = parcel
            if parcel.is_inside and parcel.lets_go(change):
                leaving[parcel.shipment.pk].add(pk)
    recalled = [pk for pk, out in leaving.items() if _whole(inside[pk], out)]
    if recalled:
        why = act.why or str(_("the order was changed"))
        recall(Shipment.objects.numbered(recalled), by=act.by, now=act.now, why=why)
    parted = {pk: out for pk, out in leaving.items() if pk not in recalled}
    _take_out(parted)
    _part_gifts(act, parted)
    _tell_amounts(act, inside, leaving)
    for pk, out in leaving.items():
        _tell(act, inside[pk], out, is_recalled=pk in recalled)
    _name_companions(act, [inside[pk] for pk in recalled])


def _whole(parcel: Parcel, out: set[int]) -> bool:
    """Say whether a parcel is recalled as a whole: somebody works on it, or nothing would stay."""
    return parcel.shipment.stage != Stage.PLANNED or set(parcel.orders) <= out


def _take_out(parted: dict[int, set[int]]) -> None:
    if not parted:
        return
    pairs = {(parcel, order) for parcel, orders in parted.items() for order in orders}
    lines = ShipmentLine.objects.filter(shipment__any=list(parted))
    gone = [
        pk for pk, *pair in lines.values_list("pk", "shipment", "order") if tuple(pair) in pairs
    ]
    ShipmentLine.objects.filter(pk__any=gone).delete()
    add_up(sorted(parted))


def _part_gifts(act: Act, parted: dict[int, set[int]]) -> None:
    """Those that stay in a parcel keep no gift that it took the others to earn."""
    inside = ShipmentLine.objects.filter(shipment__any=list(parted))
    staying = set(inside.values_list("order", flat=True))
    if staying:
        share_gifts(staying, by=act.by, now=act.now)


def _tell_amounts(act: Act, inside: dict[int, Parcel], leaving: dict[int, set[int]]) -> None:
    """Let planned parcels that stay as they are know what the courier collects now."""
    paying = {
        pk: parcel
        for pk, parcel in inside.items()
        if pk not in leaving
        and parcel.shipment.cod_fen
        and any(Touch.MONEY in act.changes[o].touches for o in parcel.orders if o in act.changes)
    }
    if not paying:
        return
    add_up(sorted(paying))
    for parcel in paying.values():
        for order in set(parcel.orders) & set(act.changes):
            act.changes[order].follows("AMOUNT", parcel=parcel.shipment.number)


def _tell(act: Act, parcel: Parcel, out: set[int], *, is_recalled: bool) -> None:
    shipment = parcel.shipment
    for change in (act.changes[order] for order in sorted(out)):
        if shipment.stage == Stage.PLANNED:
            change.follows("REPLANNED", parcel=shipment.number)
        else:
            change.follows("RECALLED", parcel=shipment.number, parcel_stage=shipment.stage)
        if shipment.stage in FETCHED:
            change.follows("PUT_BACK", parcel=shipment.number, pieces=shipment.pieces)
        if is_recalled and parcel.papers:
            change.follows("PAPERS", parcel=shipment.number, papers=parcel.papers)
        if is_recalled and shipment.waybill:
            change.follows("WAYBILL", waybill=shipment.waybill)


def _name_companions(act: Act, recalled: Iterable[Parcel]) -> None:
    parcels = list(recalled)
    others = {order for parcel in parcels for order in parcel.orders} - set(act.changes)
    numbers = dict(Order.objects.numbered(others).values_list("pk", "number"))
    for parcel in parcels:
        for mine in set(parcel.orders) & set(act.changes):
            for other in sorted(set(parcel.orders) & set(numbers)):
                act.changes[mine].follows("ALONG", order=numbers[other])


def _parcels(orders: Iterable[int]) -> list[Parcel]:
    """Lock the parcels in the order of their ids; return them with whose goods they hold."""
    holding = ShipmentLine.objects.filter(order_id__any=list(orders)).values("shipment")
    asked = Shipment.objects.filter(pk__in=holding).exclude(stage=Stage.RECALLED).order_by("pk")
    parcels = {one.pk: Parcel(one) for one in asked.select_for_update(no_key=True)}
    lines = ShipmentLine.objects.filter(shipment__any=list(parcels)).order_by("order")
    for shipment, order in lines.values_list("shipment", "order").distinct():
        parcels[shipment].orders.append(order)
    pages = PrintPage.objects.filter(shipment__any=list(parcels)).order_by("paper")
    for shipment, paper in pages.values_list("shipment", "paper"):
        counts = parcels[shipment].papers
        counts[paper] = counts.get(paper, 0) + 1
    return list(parcels.values())


def _papers(counts: dict[str, int]) -> str:
    return "、".join(f"{Paper(paper).label} × {number}" for paper, number in sorted(counts.items()))
