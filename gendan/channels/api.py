"""Order files over the API: hand one in, and ask what became of it."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import File, Form, Router, Schema, Status, UploadedFile

from gendan.channels.actions.receive import receive
from gendan.channels.models import IncomingFile
from gendan.people.api import key_of, needs, shop_of

router = Router(tags=["imports"])


class ImportOut(Schema):
    id: int
    name: str
    format: str
    state: str
    lines: int
    new: int
    updated: int
    unchanged: int
    rejected: int
    problem: str
    started_at: datetime
    finished_at: datetime | None


class MistakeOut(Schema):
    row: int
    field: str
    value: str
    message: str
    remedy: str


class ImportInFull(ImportOut):
    mistakes: list[MistakeOut]


@router.post("", response={202: list[ImportOut]}, summary="Hand in order files")
@needs("intake.import")
def import_files(
    request: HttpRequest,
    files: File[list[UploadedFile]],
    shop: Form[str],
) -> Any:
    """Two files of one export belong in one call. A worker takes them in; ask with their ids."""
    code = shop_of(request, shop).code
    return Status(202, receive(code, files, by=key_of(request)))


@router.get("/{file_id}", response=ImportInFull, summary="What became of a file")
@needs("intake.see")
def get_import(request: HttpRequest, file_id: int) -> Any:
    """The first 200 mistakes are told."""
    file = get_object_or_404(IncomingFile.objects.visible_to(key_of(request)), pk=file_id)
    told = {name: getattr(file, name) for name in ImportOut.model_fields}
    return {**told, "mistakes": list(file.mistakes.all()[:200])}
