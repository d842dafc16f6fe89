"""Recalled parcels whose goods and papers are still about."""

from dataclasses import dataclass

from django.db.models import Q

from gendan.people.access import Worker
from gendan.stock.models import Location
from gendan.warehouse.models import Paper, PrintPage, PutBack, Shipment
from gendan.warehouse.models.putback import SUBJECT
from gendan.warehouse.stages import Stage
from gendan.worklist.models import Item, Kind


@dataclass(frozen=True)
class Piece:
    """Goods that go back, and where they lie."""

    what: PutBack
    place: str

    @property
    def is_back(self) -> bool:
        return self.what.counted == self.what.quantity


@dataclass(frozen=True)
class Recalled:
    """A recalled parcel on the table: its goods, its papers, and why it was recalled."""

    shipment: Shipment
    pieces: list[Piece]
    papers: list[tuple[str, int]]
    why: str

    @property
    def missing(self) -> int:
        return sum(piece.what.quantity - piece.what.counted for piece in self.pieces)

    @property
    def counted(self) -> int:
        return sum(piece.what.counted for piece in self.pieces)

    @property
    def total(self) -> int:
        return self.counted + self.missing


def waiting(worker: Worker) -> list[tuple[Item, Shipment]]:
    """Return the recalled parcels that wait to be put back, the most urgent first."""
    items = Item.objects.open().filter(kind=Kind.RECALLED, subject=SUBJECT).order_by("due_at", "pk")
    ours = Shipment.objects.visible_to(worker).filter(
        pk__in=items.values("subject_id"), stage=Stage.RECALLED
    )
    known = {shipment.pk: shipment for shipment in ours.select_related("warehouse")}
    return [(item, known[item.subject_id]) for item in items if item.subject_id in known]


def scanned_recalled(code: str, worker: Worker) -> Shipment | None:
    """Return the recalled parcel of a scanned waybill or delivery note, the latest first."""
    text = code.strip()
    named = Q(number=text.upper()) | Q(waybill=text) | Q(waybill=text.upper())
    return (
        Shipment.objects.visible_to(worker)
        .filter(named, stage=Stage.RECALLED)
        .order_by("-pk")
        .first()
        if text
        else None
    )


def why_recalled(shipment: Shipment) -> str:
    """Return the reason that was given; nothing if nobody waits for it any more."""
    item = Item.objects.filter(kind=Kind.RECALLED, subject=SUBJECT, subject_id=shipment.pk)
    last = item.order_by("-pk").first()
    return str(last.facts.get("why", "")) if last else ""


def recalled(shipment: Shipment) -> Recalled:
    """Return the parcel as it stands now."""
    rows = PutBack.objects.filter(shipment=shipment).select_related("sku").order_by("pk")
    places = dict(
        Location.objects.filter(
            warehouse=shipment.warehouse_id, sku__in=[row.sku_id for row in rows]
        ).values_list("sku", "code")
    )
    counts: dict[str, int] = {}
    for paper in PrintPage.objects.filter(shipment=shipment).values_list("paper", flat=True):
        counts[paper] = counts.get(paper, 0) + 1
    return Recalled(
        shipment,
        [Piece(row, places.get(row.sku_id, "")) for row in rows],
        [(str(Paper(paper).label), number) for paper, number in sorted(counts.items())],
        why_recalled(shipment),
    )
