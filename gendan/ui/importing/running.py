"""An upload from file to table: tried first, then done; both are the same act."""

import tempfile
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from gendan.ui.importing.declaration import Import, Mistake, Outcome
from gendan.ui.importing.reading import Reading, read, unused
from gendan.ui.models import Upload

KEPT_FOR = timedelta(days=7)


def receive(declared: Import, name: str, content: bytes, *, by: Any, now: datetime) -> Upload:
    """Keep a file and say what it would do; nothing is changed yet.

    :raises CannotRead: if the file as a whole cannot be taken
    """
    Upload.objects.filter(made_at__lt=now - KEPT_FOR).delete()
    reading = _read(declared, name, content)
    with transaction.atomic():
        outcome = declared.act(reading.rows, by=by, why="")
        transaction.set_rollback(True)
    return Upload.objects.create(
        owner_id=by.pk,
        declared=declared.name,
        name=name[:200],
        content=content,
        told=_told(declared, reading, outcome),
    )


def carry_out(declared: Import, upload: Upload, *, by: Any, now: datetime, why: str) -> Upload:
    """Do what an upload says, once; bad rows are left out and told."""
    with transaction.atomic():
        locked = Upload.objects.select_for_update().get(pk=upload.pk)
        if locked.done_at:
            return locked
        reading = _read(declared, locked.name, bytes(locked.content))
        why = " · ".join(filter(None, (why, _("from %(file)s") % {"file": locked.name})))
        outcome = declared.act(reading.rows, by=by, why=why)
        locked.told = _told(declared, reading, outcome)
        locked.content, locked.done_at = b"", now
        locked.save()
    return locked


def _read(declared: Import, name: str, content: bytes) -> Reading:
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        return read(declared, Path(file.name), name)


def _told(declared: Import, reading: Reading, outcome: Outcome) -> dict[str, Any]:
    mistakes = sorted([*reading.mistakes, *outcome.mistakes], key=lambda wrong: wrong.number)
    return {
        "rows": len(reading.cells),
        "new": outcome.new,
        "changed": outcome.changed,
        "unchanged": outcome.unchanged,
        "headers": list(reading.headers),
        "columns": [column.key if column else "" for column in reading.columns],
        "unused": unused(reading),
        "sample": reading.sample,
        "bad": _bad_rows(declared, reading, mistakes),
    }


def _bad_rows(
    declared: Import, reading: Reading, mistakes: Sequence[Mistake]
) -> list[dict[str, Any]]:
    """Every row that is left out, with its cells and all that is wrong with it."""
    rows: dict[int, dict[str, Any]] = {}
    for wrong in mistakes:
        bad = rows.setdefault(
            wrong.number,
            {"row": wrong.number, "cells": reading.cells.get(wrong.number, []), "mistakes": []},
        )
        label = str(declared.by_key[wrong.field].label) if wrong.field in declared.by_key else ""
        bad["mistakes"].append([label, wrong.value, wrong.sentence, wrong.remedy])
    return list(rows.values())
