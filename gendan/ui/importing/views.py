"""One view for every import: choose a file, see what it would do, let it, see what it did."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from gendan.ui.errors import Refused
from gendan.ui.importing import files
from gendan.ui.importing.declaration import Import
from gendan.ui.importing.running import carry_out, receive
from gendan.ui.models import Upload

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LARGEST = 20 * 1024 * 1024
BAD_SHOWN = 200


@dataclass(frozen=True)
class Preview:
    """The first rows of a file, each cell beside what its column means here."""

    heads: Sequence[tuple[str, Any]]  # the file's header, our column or None
    rows: Sequence[Sequence[str]]

    @classmethod
    def of(cls, declared: Import, told: dict[str, Any]) -> "Preview":
        columns = [declared.by_key.get(key) for key in told["columns"]]
        return cls(list(zip(told["headers"], columns, strict=True)), told["sample"])


def import_view(request: HttpRequest, declared: Import) -> HttpResponseBase:
    """Answer everything that is asked of an import's address.

    :raises PermissionDenied: if the person may not import this
    """
    person: Any = request.user
    if not person.may(declared.permission):
        raise PermissionDenied(_("You have no right to do this. Ask your administrator."))
    if "template" in request.GET:
        return _file(files.template(declared), f"{declared.title}.xlsx")
    if request.method == "POST" and "upload" not in request.GET:
        return _receive(request, declared)
    if "upload" not in request.GET:
        return render(request, "ui/import.html", {"import": declared})
    upload = get_object_or_404(
        Upload, pk=_number(request.GET["upload"]), owner_id=person.pk, declared=declared.name
    )
    if request.method == "POST":
        return _carry_out(request, declared, upload)
    if "bad" in request.GET:
        name = _("%(name)s to mend.xlsx") % {"name": upload.name.rsplit(".", 1)[0]}
        return _file(files.to_mend(upload), name)
    return render(request, "ui/import_upload.html", _shown(declared, upload))


def _receive(request: HttpRequest, declared: Import) -> HttpResponseBase:
    sent = request.FILES.get("file")
    try:
        if sent is None or not sent.size:
            raise Refused(_("Choose a file first."))
        if sent.size > LARGEST:
            raise Refused(_("The file is larger than 20 MB. Split it."))
        upload = receive(
            declared, sent.name or "", sent.read(), by=request.user, now=timezone.now()
        )
    except Refused as refused:
        context = {"import": declared, "refused": refused.sentence}
        return render(request, "ui/import.html", context, status=422)
    return redirect(f"{request.path}?upload={upload.pk}")


def _carry_out(request: HttpRequest, declared: Import, upload: Upload) -> HttpResponseBase:
    why = request.POST.get("why", "").strip()
    try:
        done = carry_out(declared, upload, by=request.user, now=timezone.now(), why=why)
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        told = {"new": done.told["new"], "changed": done.told["changed"]}
        messages.success(request, _("%(new)s added, %(changed)s changed.") % told)
    return redirect(f"{request.path}?upload={upload.pk}")


def _shown(declared: Import, upload: Upload) -> dict[str, Any]:
    bad = upload.told["bad"]
    return {
        "import": declared,
        "upload": upload,
        "told": upload.told,
        "preview": Preview.of(declared, upload.told),
        "bad": bad[:BAD_SHOWN],
        "more_bad": max(len(bad) - BAD_SHOWN, 0),
        "nothing": not (upload.told["new"] or upload.told["changed"]),
    }


def _file(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=XLSX)
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return answer


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else 0
