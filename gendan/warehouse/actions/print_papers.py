"""Asks for the papers of shipments, typesets them, and keeps the print ledger."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain, tee

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from gendan.journal.actors import Actor, Job
from gendan.journal.writing import entry
from gendan.people.models import Person
from gendan.ui.errors import Refused
from gendan.warehouse.models import Paper, PrintJob, PrintPage, Shipment, ShipmentQuerySet, Wave
from gendan.warehouse.paper import documents
from gendan.warehouse.paper.joining import join
from gendan.warehouse.paper.typesetting import Sheet, sheets
from gendan.warehouse.queries import papers as read

TASK = "gendan.warehouse.typeset"
TYPESETTER = Job("papers")
ENTERED_AT_ONCE = 2_000
Copies = Mapping[int, int]


class ReprintNeedsReason(Refused):
    """Some of the papers have been printed before, and nobody said why again."""


class NothingToPrint(Refused):
    """None of the shipments is in a wave, or none has a waybill."""


def print_papers(
    shipments: ShipmentQuerySet,
    *,
    by: Actor,
    why: str = "",
    printer: str = "",
    papers: Sequence[Paper] = tuple(Paper),
) -> list[PrintJob]:
    """Let the papers be typeset in the background, one PDF for each wave; return the jobs.

    :raises NothingToPrint: if none of the shipments is in a wave
    :raises ReprintNeedsReason: if some were printed before and `why` is empty
    """
    asked = shipments.values_list("wave", "wave_position", "pk")
    chosen = sorted((wave, place, pk) for wave, place, pk in asked if wave)
    if not chosen:
        raise NothingToPrint(_("Put the shipments into a wave first: papers are printed by wave."))
    ids = [pk for _wave, _place, pk in chosen]
    with entry("papers.asked", by=by, why=why, count=len(ids)):
        waves = Wave.objects.filter(pk__in={wave for wave, _place, _pk in chosen}).order_by("pk")
        list(waves.select_for_update())
        _refuse_silent_reprint(ids, papers, why)
        person = by if isinstance(by, Person) else None
        jobs = PrintJob.objects.bulk_create(
            PrintJob(wave=wave, asked_by=person, printer=printer) for wave in waves
        )
        members: dict[int | None, list[int]] = defaultdict(list)
        for wave, _place, pk in chosen:
            members[wave].append(pk)
        for job in jobs:
            _defer(job, members[job.wave_id], papers, why)
    return jobs


def _refuse_silent_reprint(ids: Sequence[int], papers: Sequence[Paper], why: str) -> None:
    printed = PrintPage.objects.filter(shipment__any=ids, paper__in=papers).exists()
    waiting = PrintJob.objects.filter(wave__shipments__in=ids, ready_at=None, failed="").exists()
    if (printed or waiting) and not why.strip():
        raise ReprintNeedsReason(
            _("Some of these papers have been printed before. Say why they are printed again.")
        )


def _defer(job: PrintJob, ids: Sequence[int], papers: Sequence[Paper], why: str) -> None:
    app.configure_task(TASK, lock=f"papers-{job.wave_id}").defer(
        job_id=job.pk, shipment_ids=list(ids), papers=[str(paper) for paper in papers], why=why
    )


def typeset(
    job: PrintJob, ids: Sequence[int], papers: Sequence[str], why: str, *, by: Actor = TYPESETTER
) -> None:
    """Make the PDF of a job and enter its pages into the ledger; say so when it can't be made."""
    if job.ready_at:
        return
    shipments = Shipment.objects.numbered(ids)
    copies = {paper: _copies(ids, paper) for paper in papers}
    wave_copy = _wave_copy(job)
    _tell(job, pages_total=_number_of(job, shipments, papers))
    planned, noted = tee(_planned(job, shipments, papers, copies, wave_copy, timezone.now()))
    printed: list[Printed] = []
    made = sheets(paper for _kind, _pk, paper in planned)
    file = _keep(job, join(_observed(job, made, noted, printed)))
    with entry("papers.ready", by=by, why=why, pages=len(printed)):
        for rows in _in_parts(printed):
            PrintPage.objects.bulk_create(_page(job, row, copies, wave_copy, why) for row in rows)
        PrintJob.objects.filter(pk=job.pk).update(
            file=file, ready_at=timezone.now(), pages_total=len(printed), pages_done=len(printed)
        )


def _keep(job: PrintJob, pieces: Iterator[bytes]) -> str:
    """Write a PDF piece by piece beside its place and move it there whole; return its name."""
    name = f"papers/{job.wave.number if job.wave else job.pk}-{job.pk}.pdf"
    with TemporaryUploadedFile(name, "application/pdf", 0, None) as file:
        file.writelines(pieces)
        file.flush()
        return default_storage.save(name, file)


def _page(
    job: PrintJob, printed: "Printed", copies: Mapping[str, Copies], wave_copy: int, why: str
) -> PrintPage:
    page, paper, shipment = printed
    copy = copies[paper].get(shipment or 0, wave_copy) + 1
    return PrintPage(
        job=job,
        page=page,
        paper=paper,
        shipment_id=shipment,
        copy=copy,
        why=why[:200] if copy > 1 else "",
    )


def _in_parts(printed: Sequence["Printed"]) -> Iterator[Sequence["Printed"]]:
    for start in range(0, len(printed), ENTERED_AT_ONCE):
        yield printed[start : start + ENTERED_AT_ONCE]


Planned = tuple[str, int | None, documents.Paper]
Printed = tuple[int, str, int | None]
"""The page that a paper begins on, its kind, its shipment."""


def _number_of(job: PrintJob, shipments: ShipmentQuerySet, papers: Sequence[str]) -> int:
    """Return how many papers there will be: a waybill is printed only where there is a number."""
    numbered = Count("pk", filter=~Q(waybill=""))
    found = shipments.aggregate(notes=Count("pk"), waybills=numbered)
    notes, waybills = Paper.NOTE in papers, Paper.WAYBILL in papers
    lists = bool(Paper.PICK_LIST in papers and job.wave)
    return int(lists + notes * found["notes"] + waybills * found["waybills"])


def _planned(
    job: PrintJob,
    shipments: ShipmentQuerySet,
    papers: Sequence[str],
    copies: Mapping[str, Copies],
    wave_copy: int,
    now: datetime,
) -> Iterator[Planned]:
    """All papers of one kind stand together, since they come out of one printer."""
    numbers = dict(shipments.values_list("number", "pk"))
    if Paper.PICK_LIST in papers and job.wave:
        yield Paper.PICK_LIST, None, read.pick_list(job.wave, shipments, now=now, copy=wave_copy)
    notes = read.delivery_notes(shipments, copies.get(Paper.NOTE, {}))
    labels = read.waybills(shipments, copies.get(Paper.WAYBILL, {}), now=now)
    wanted = chain(notes if Paper.NOTE in papers else (), labels if Paper.WAYBILL in papers else ())
    for paper in wanted:
        kind = Paper.WAYBILL if isinstance(paper, documents.Waybill) else Paper.NOTE
        yield kind, numbers[paper.shipment], paper


def _observed(
    job: PrintJob, made: Iterator[Sheet], planned: Iterator[Planned], printed: list[Printed]
) -> Iterator[bytes]:
    """Pass the sheets on, note on which page each paper begins, and tell how far it is."""
    page = 1
    for sheet in made:
        for count, (kind, shipment, _paper) in zip(sheet.pages, planned, strict=False):
            printed.append((page, kind, shipment))
            page += count
        _tell(job, pages_done=len(printed))
        yield sheet.pdf


def _tell(job: PrintJob, **values: int) -> None:
    with entry("papers.progress", by=TYPESETTER):
        PrintJob.objects.filter(pk=job.pk).update(**values)


def _copies(ids: Sequence[int], paper: str) -> dict[int, int]:
    """How often the paper of each shipment was printed before."""
    found = PrintPage.objects.filter(shipment__any=list(ids), paper=paper)
    return dict(found.values("shipment").annotate(n=Max("copy")).values_list("shipment", "n"))


def _wave_copy(job: PrintJob) -> int:
    earlier = PrintPage.objects.filter(job__wave=job.wave, paper=Paper.PICK_LIST)
    return earlier.exclude(job=job).count()


def fail(job: PrintJob, reason: str, *, by: Actor = TYPESETTER) -> None:
    """Say that a PDF could not be made, so that it can be asked for again."""
    with entry("papers.failed", by=by, why=reason):
        PrintJob.objects.filter(pk=job.pk).update(failed=reason[:300])


def acknowledge(
    jobs: QuerySet[PrintJob], *, by: Actor, now: datetime, why: str = ""
) -> QuerySet[PrintJob]:
    """Say that the papers have come out of the printer.

    :raises Refused: if any of them is not ready
    """
    ids = list(jobs.values_list("pk", flat=True))
    chosen = PrintJob.objects.filter(pk__in=ids)
    with entry("papers.acknowledged", by=by, why=why):
        if chosen.exclude(ready_at=None).update(acknowledged_at=now) != len(ids):
            raise Refused(_("The papers are not ready yet."))
    return PrintJob.objects.filter(pk__in=ids)
