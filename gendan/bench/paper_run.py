"""One run of the printer's job inside the house: shipments read, typeset, filed, entered."""

import resource
import time
from typing import Any

from django.core.files.storage import default_storage

from gendan.journal.actors import Job
from gendan.journal.writing import entry
from gendan.warehouse.actions.print_papers import typeset
from gendan.warehouse.models import Paper, PrintJob, PrintPage, Shipment

BY = Job("bench")


def main(first: str, number: str) -> dict[str, Any]:
    """Print the waybills and delivery notes of so many shipments, as a worker would."""
    shipments = Shipment.objects.exclude(waybill="").order_by("wave", "wave_position", "pk")
    ids = list(shipments.values_list("pk", flat=True)[int(first) : int(first) + int(number)])
    with entry("papers.asked", by=BY):
        job = PrintJob.objects.create()
    began = time.perf_counter()
    typeset(job, ids, [Paper.NOTE, Paper.WAYBILL], "bench")
    seconds = time.perf_counter() - began
    job.refresh_from_db()
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return {
        "shipments": len(ids),
        "pages": PrintPage.objects.filter(job=job).count(),
        "file_mb": round(default_storage.size(job.file) / 2**20, 1),
        "seconds": seconds,
        "cpu_s": round(sum(who.ru_utime + who.ru_stime for who in used), 2),
        "peak_mb": round(sum(who.ru_maxrss for who in used) / 1024),
    }
