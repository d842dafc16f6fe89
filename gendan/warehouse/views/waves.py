"""The list of waves, the page of one, and what was printed."""

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from gendan.journal.queries import timeline
from gendan.people.access import allowed, at_warehouses
from gendan.people.requests import StaffRequest
from gendan.ui.errors import Refused
from gendan.ui.listing import list_view
from gendan.warehouse.actions.print_papers import acknowledge, print_papers
from gendan.warehouse.lists import PRINTS, WAVES
from gendan.warehouse.models import Paper, PrintJob, Wave
from gendan.warehouse.queries import waves as read


@allowed("warehouse.see")
def waves(request: StaffRequest) -> HttpResponseBase:
    """Show the waves."""
    return list_view(request, WAVES)


@allowed("warehouse.see")
def prints(request: StaffRequest) -> HttpResponseBase:
    """Show every page that was printed."""
    return list_view(request, PRINTS)


@require_safe
@allowed("warehouse.see")
def wave(request: StaffRequest, number: str) -> HttpResponse:
    """Show how far a wave is, its papers and its shipments."""
    found = one(request, number)
    context = {
        **_printing(found),
        "progress": read.progress(found),
        "shipments": read.members(found).select_related("carrier"),
        "papers": Paper.choices,
        "was_printed": read.was_printed(found),
        "acts": timeline({"warehouse_wave": [found.pk]}),
    }
    return render(request, "warehouse/wave.html", context)


@require_safe
@allowed("warehouse.see")
def prints_of_wave(request: StaffRequest, number: str) -> HttpResponse:
    """Show how far the papers are; asked again each second until they are ready."""
    return render(request, "warehouse/_print_jobs.html", _printing(one(request, number)))


@require_POST
@allowed("warehouse.wave")
def print_wave(request: StaffRequest, number: str) -> HttpResponse:
    """Let the papers of the wave be made."""
    found = one(request, number)
    chosen = [Paper(paper) for paper in request.POST.getlist("papers") if paper in Paper.values]
    try:
        print_papers(
            read.members(found),
            by=request.user,
            why=request.POST.get("why", ""),
            printer=request.POST.get("printer", "")[:60],
            papers=chosen or tuple(Paper),
        )
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect("wave", number=number)


@require_safe
@allowed("warehouse.see")
def print_file(request: StaffRequest, pk: int) -> FileResponse:
    """Give the PDF of a print job."""
    job = _job(request, pk)
    if not job.file:
        raise Http404
    return FileResponse(default_storage.open(job.file), content_type="application/pdf")


@require_POST
@allowed("warehouse.wave")
def acknowledge_print(request: StaffRequest, pk: int) -> HttpResponse:
    """Say that the papers have come out of the printer."""
    job = _job(request, pk)
    try:
        acknowledge(PrintJob.objects.filter(pk=pk), by=request.user, now=timezone.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
    if number := request.POST.get("shipment"):
        return redirect("shipment", number=number)
    return redirect("wave", number=job.wave.number) if job.wave else redirect("prints")


def _printing(wave: Wave) -> dict[str, object]:
    jobs = list(read.print_jobs(wave))
    waiting = any(not job.ready_at and not job.failed for job in jobs)
    return {"wave": wave, "jobs": jobs, "is_printing": waiting}


def one(request: StaffRequest, number: str) -> Wave:
    """The wave of that number, if the person may see it."""
    seen = Wave.objects.visible_to(request.user)
    return get_object_or_404(seen.select_related("warehouse", "carrier", "picker"), number=number)


def _job(request: StaffRequest, pk: int) -> PrintJob:
    seen = PrintJob.objects.filter(at_warehouses(request.user, "wave__warehouse"))
    return get_object_or_404(seen.select_related("wave"), pk=pk)
