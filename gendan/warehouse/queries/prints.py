"""What was printed of one shipment."""

from dataclasses import dataclass

from gendan.warehouse.models import Paper, PrintJob, PrintPage, Shipment

OF_ONE = (Paper.NOTE, Paper.WAYBILL)  # a pick list is of a wave


@dataclass(frozen=True)
class Printing:
    """The printed papers of a shipment, the latest first, and whether more are being made."""

    pages: list[PrintPage]
    is_waiting: bool

    @property
    def needs_why(self) -> bool:
        """Whether printing again needs a reason."""
        return bool(self.pages) or self.is_waiting


def of_shipment(shipment: Shipment) -> Printing:
    """What was printed of the shipment; a job under way counts for all of its wave."""
    pages = shipment.printed_pages.select_related("job__asked_by").order_by("-pk")
    under_way = PrintJob.objects.filter(wave=shipment.wave_id, failed="", ready_at=None)
    return Printing(list(pages), shipment.wave_id is not None and under_way.exists())
