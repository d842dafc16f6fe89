"""What can be asked about files that came in."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Q

from gendan.channels.formats.format import Format
from gendan.channels.formats.recognise import KNOWN
from gendan.channels.models import (
    ColumnMapping,
    FileState,
    IncomingFile,
    Mistake,
    StagedLine,
    StagedOrder,
)


def import_report(files: Sequence[IncomingFile], seen: set[int]) -> dict[str, Any]:
    """Return what became of the files; those in `seen` had been taken in before.

    `orders` are those that are in or wait for their other half, `rejected` those that are not.
    """
    found = list(IncomingFile.objects.filter(pk__in=[file.pk for file in files]))
    fresh = [file for file in found if file.pk not in seen]
    waiting = sum(orders_staged(file) for file in found if file.state == FileState.WAITING)
    unchanged = sum(file.unchanged for file in fresh)
    return {
        "orders": sum(file.orders for file in found) + waiting,
        "lines": sum(file.lines for file in found),
        "new": sum(file.new for file in fresh),
        "updated": sum(file.updated for file in fresh),
        "unchanged": unchanged + sum(file.orders for file in found if file.pk in seen),
        "waiting": waiting,
        "rejected": sum(file.rejected for file in found),
        "rows_in_error": rows_in_error(found),
    }


def rows_in_error(files: Sequence[IncomingFile]) -> list[dict[str, Any]]:
    """Return every mistake in the files, in the language in use."""
    mistakes = Mistake.objects.filter(file__in=files).select_related("file")
    return [
        {
            "file": mistake.file.name,
            "row": mistake.row,
            "field": mistake.field,
            "value": mistake.value,
            "message": mistake.message,
            "remedy": mistake.remedy,
        }
        for mistake in mistakes.order_by("file_id", "row", "pk")
    ]


def orders_staged(file: IncomingFile) -> int:
    """Return how many orders of the file are read and not acted upon."""
    return max(
        StagedOrder.objects.filter(file_id=file.pk).values("platform_order").distinct().count(),
        StagedLine.objects.filter(file_id=file.pk).values("platform_order").distinct().count(),
    )


def orders_rejected(file: IncomingFile) -> int:
    """Return how many orders stay outside; a row whose order nobody can read counts as one."""
    counted = Mistake.objects.filter(file=file).aggregate(
        known=Count("platform_order", distinct=True, filter=~Q(platform_order="")),
        unknown=Count("row", distinct=True, filter=Q(platform_order="")),
    )
    return int(counted["known"] + counted["unknown"])


def format_of(file: IncomingFile) -> Format | None:
    """Return the format a file was read in, None while nobody knows it."""
    saved = (mapping.format for mapping in ColumnMapping.objects.all())
    return next((form for form in (*saved, *KNOWN) if form.key == file.format), None)
