"""Files that somebody drops on the page: kept, recognised, and handed to the worker."""

import shutil
from collections.abc import Sequence
from hashlib import file_digest
from pathlib import Path
from typing import Any, TypeAlias

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.crypto import get_random_string

from gendan.channels.actions.hand_to_worker import hand_to_worker
from gendan.channels.actions.open_shop import find_or_open_shop
from gendan.channels.formats.format import Format
from gendan.channels.formats.own import EXPORT
from gendan.channels.keeping import keep, place_of
from gendan.channels.looking import UnknownColumns, look_into, version_of
from gendan.channels.models import FileState, IncomingFile
from gendan.people.access import Worker
from gendan.people.models import Shop

Upload: TypeAlias = "UploadedFile[Any]"


def receive(shop_code: str, uploads: Sequence[Upload], *, by: Worker) -> list[IncomingFile]:
    """Keep the files and let the worker take them in; one whose columns nobody knows waits.

    :raises UnknownFile: if any of them is no table; nothing was changed
    :raises WrongShop: if the shop belongs to another platform; nothing was changed
    """
    folder = f"intake/{get_random_string(16).lower()}"
    kept = [keep(upload, f"{folder}/{number}") for number, upload in enumerate(uploads)]
    try:
        return _take_over(shop_code, kept, [upload.name or "" for upload in uploads], by=by)
    except Exception:
        shutil.rmtree(place_of(folder), ignore_errors=True)
        raise


@transaction.atomic
def _take_over(
    shop_code: str, kept: Sequence[str], names: Sequence[str], *, by: Worker
) -> list[IncomingFile]:
    forms = [_form(place_of(path), name) for path, name in zip(kept, names, strict=True)]
    shop, _is_new = find_or_open_shop(shop_code, [form or EXPORT for form in forms], by=by)
    files = [
        _note(shop, path, name, form, by)
        for path, name, form in zip(kept, names, forms, strict=True)
    ]
    known = [file.pk for file in files if file.state != FileState.UNKNOWN]
    if known:
        hand_to_worker(known, by=by)
    return files


def _form(place: Path, name: str) -> Format | None:
    try:
        return look_into(place, name=name)[1]
    except UnknownColumns:
        return None


def _note(shop: Shop, path: str, name: str, form: Format | None, by: Worker) -> IncomingFile:
    with place_of(path).open("rb") as content:
        sha256 = file_digest(content, "sha256").hexdigest()
    file, is_new = IncomingFile.objects.get_or_create(
        shop=shop,
        sha256=sha256,
        format=form.key if form else "",
        version=version_of(form) if form else "",
        defaults={
            "name": name[:200],
            "by_name": by.actor_name,
            "state": FileState.WAITS if form else FileState.UNKNOWN,
        },
    )
    if is_new or not file.kept_at:
        IncomingFile.objects.filter(pk=file.pk).update(kept_at=path)
    return file
