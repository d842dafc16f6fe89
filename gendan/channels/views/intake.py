"""接单: dropping files, watching them come in, and what stayed outside."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import cast

from django.contrib import messages
from django.db.models import Q
from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gendan.channels import bad_rows
from gendan.channels.actions.map_columns import map_columns
from gendan.channels.actions.receive import receive
from gendan.channels.formats import template
from gendan.channels.forms import MappingForm, UploadForm
from gendan.channels.keeping import place_of
from gendan.channels.models import FileQuerySet, FileState, IncomingFile
from gendan.channels.queries import format_of, rows_in_error
from gendan.people.access import allowed, at_shops
from gendan.people.models import Person, Shop
from gendan.ui.errors import Refused
from gendan.ui.tables.table import open_table

NEWEST = 50
MISTAKES_SHOWN = 200
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
@allowed("intake.see")
def intake(request: HttpRequest) -> HttpResponse:
    """Show where files are dropped, and the newest of them."""
    files = _files(request)
    if request.headers.get("HX-Request"):
        return render(request, "channels/_files.html", {"files": files, "busy": _busy(files)})
    context = {
        "form": UploadForm(worker=_person(request)),
        "shops": Shop.objects.filter(_shops(request), is_active=True).order_by("code"),
        "files": files,
        "busy": _busy(files),
    }
    return render(request, "channels/intake.html", context)


@require_POST
@allowed("intake.import")
def upload(request: HttpRequest) -> HttpResponse:
    """Keep the dropped files and let the worker take them in."""
    form = UploadForm(request.POST, worker=_person(request))
    uploads = request.FILES.getlist("files")
    if not form.is_valid() or not uploads:
        messages.error(request, _first_error(form) or _("Choose at least one file."))
        return redirect("intake")
    try:
        files = receive(form.cleaned_data["shop"], uploads, by=_person(request))
    except Refused as refused:
        messages.error(request, refused.sentence)
        return redirect("intake")
    unknown = next((file for file in files if file.state == FileState.UNKNOWN), None)
    return redirect("intake-columns", unknown.pk) if unknown else redirect("intake")


@require_GET
@allowed("intake.see")
def file(request: HttpRequest, number: int) -> HttpResponse:
    """Show what became of one file, and its mistakes."""
    found = _file(request, number)
    context = {
        "file": found,
        "mistakes": rows_in_error([found])[:MISTAKES_SHOWN],
        "number": found.mistakes.count(),
    }
    name = "_file.html" if request.headers.get("HX-Request") else "file.html"
    return render(request, f"channels/{name}", context)


@require_GET
@allowed("intake.see")
def bad_rows_csv(request: HttpRequest, number: int) -> HttpResponseBase:
    """Return the rows that stayed outside as CSV."""
    found = _file(request, number)
    rows = bad_rows.as_csv(found, format_of(found))
    return StreamingHttpResponse(
        rows, content_type="text/csv; charset=utf-8", headers=_download(f"{number}-mend.csv")
    )


@require_GET
@allowed("intake.see")
def bad_rows_xlsx(request: HttpRequest, number: int) -> HttpResponseBase:
    """Return the rows that stayed outside as a workbook."""
    found = _file(request, number)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "rows.xlsx"
        bad_rows.as_xlsx(found, format_of(found), place)
        return FileResponse(
            place.open("rb"), content_type=XLSX, headers=_download(f"{number}-mend.xlsx")
        )


@require_http_methods(["GET", "POST"])
@allowed("intake.map")
def columns(request: HttpRequest, number: int) -> HttpResponse:
    """Ask which column is which, with the file's first rows beside it."""
    found = get_object_or_404(_seen(request), pk=number, state=FileState.UNKNOWN)
    table = open_table(place_of(found.kept_at), name=found.name)
    form = MappingForm(request.POST or None, headers=list(table.headers))
    if request.method == "POST" and form.is_valid():
        name, cancels = form.cleaned_data["name"], form.cleaned_data["cancels_with"]
        try:
            map_columns(found, name, form.chosen, cancels_with=cancels, by=_person(request))
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, _("Saved. The file is being taken in."))
            return redirect("intake")
    rows = [row.cells for row, _number in zip(table.rows(), range(8), strict=False)]
    context = {"file": found, "form": form, "headers": table.headers, "rows": rows}
    status = 422 if form.errors else 200
    return render(request, "channels/columns.html", context, status=status)


@require_GET
@allowed("intake.see")
def template_csv(request: HttpRequest) -> HttpResponse:
    """Return our own template with an example row."""
    return HttpResponse(
        template.as_csv(),
        content_type="text/csv; charset=utf-8",
        headers=_download("gendan-orders.csv"),
    )


@require_GET
@allowed("intake.see")
def template_xlsx(request: HttpRequest) -> HttpResponse:
    """Return our own template as a workbook."""
    return HttpResponse(
        template.as_xlsx(), content_type=XLSX, headers=_download("gendan-orders.xlsx")
    )


def _seen(request: HttpRequest) -> FileQuerySet:
    return IncomingFile.objects.visible_to(_person(request)).select_related("shop")


def _files(request: HttpRequest) -> Sequence[IncomingFile]:
    return list(_seen(request).order_by("-pk")[:NEWEST])


def _busy(files: Sequence[IncomingFile]) -> bool:
    return any(file.is_busy for file in files)


def _file(request: HttpRequest, number: int) -> IncomingFile:
    return get_object_or_404(_seen(request), pk=number)


def _shops(request: HttpRequest) -> Q:
    return at_shops(_person(request), "pk")


def _person(request: HttpRequest) -> Person:
    return cast(Person, request.user)


def _first_error(form: UploadForm) -> str:
    return next((str(errors[0]) for errors in form.errors.values()), "")


def _download(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}
