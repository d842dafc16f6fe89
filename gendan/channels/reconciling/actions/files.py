"""Takes the files in which carriers and platforms tell of a day, and compares what they say.

Nothing of them is taken in: a platform's orders lie in temporary tables as long as they are
compared. The same file twice is the same file.
"""

import shutil
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from hashlib import file_digest
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from gendan.channels.formats.format import LINES, Format
from gendan.channels.intake.chunks import chunks
from gendan.channels.intake.stage import LINE, ORDER
from gendan.channels.keeping import keep, place_of
from gendan.channels.looking import look_into
from gendan.channels.models import Against, DayFile, DayFileState
from gendan.channels.reading.orders import read_orders
from gendan.channels.reading.reading import Reading
from gendan.channels.reconciling import bills
from gendan.channels.reconciling.actions.compare import compare_carrier, compare_platform
from gendan.channels.reconciling.days import bounds
from gendan.journal.actors import Actor
from gendan.people.access import Worker
from gendan.people.models import Shop
from gendan.ui.errors import Refused
from gendan.ui.tables.rows import NotATable
from gendan.ui.tables.table import Table, open_table
from gendan.warehouse.models import Carrier

TASK = "gendan.channels.reconciling.tasks.read_day_file"
MOST_DAYS = 40  # a carrier's bill may be that of a month

TOLD = (
    ("told_order", "channels_stagedorder", ORDER),
    ("told_line", "channels_stagedline", LINE),
)
WAYBILLS = "CREATE TEMP TABLE told_waybill (platform_order text, waybill text) ON COMMIT DROP"
COPY_OF = "CREATE TEMP TABLE {name} ON COMMIT DROP AS SELECT {listed} FROM {like} WITH NO DATA"
ITS_DAYS = """
SELECT count(placed_at), count(placed_at) FILTER (WHERE placed_at >= %s AND placed_at < %s)
FROM told_order
"""


class WrongFile(Refused):
    """The file is none of this day, of this platform, or no file of parcels at all."""


def take_file(of: Shop | Carrier, day: date, upload: "UploadedFile[Any]", *, by: Worker) -> DayFile:
    """Keep what a platform or a carrier says of a day, and let the worker compare it.

    :raises WrongFile: if it can't be compared; nothing was kept
    :raises UnknownFile: if it is no table, or its columns are not known
    """
    name = (upload.name or "")[:200]
    kept = keep(upload, f"reconciling/{get_random_string(16).lower()}/0")
    try:
        _check(of, place_of(kept), name)
        with transaction.atomic():
            file = _note(of, day, kept, name, by)
            app.configure_task(TASK).defer(file=file.pk, person=by.pk, kind=by.actor_kind)
    except Exception:
        shutil.rmtree(place_of(kept).parent, ignore_errors=True)
        raise
    return file


@transaction.atomic
def read_file(file: DayFile, *, by: Actor, now: datetime) -> DayFile:
    """Compare what a file says, and note what became of it."""
    try:
        with transaction.atomic():
            rows, bad = _platform(file, by, now) if file.shop else _carrier(file, by, now)
    except Refused as refused:
        file.state, file.problem = DayFileState.FAILED, refused.sentence[:300]
    else:
        file.state, file.problem, file.rows, file.bad = DayFileState.DONE, "", rows, bad
    file.save()
    return file


def _check(of: Shop | Carrier, place: Path, name: str) -> None:
    if isinstance(of, Shop):
        _form_for(of, place, name)
    elif "waybill" not in bills.positions(_table(place, name).headers):
        raise WrongFile(
            _("%(file)s has no column of waybill numbers. Name one of them 运单号.")
            % {"file": name}
        )


def _table(place: Path, name: str) -> Table:
    try:
        return open_table(place, name=name)
    except NotATable:
        raise WrongFile(
            _("%(file)s is no table: give the CSV or XLSX file as it came.") % {"file": name}
        ) from None


def _form_for(shop: Shop, place: Path, name: str) -> tuple[Table, Format]:
    table, form = look_into(place, name=name)
    if form.platform not in ("", shop.platform, "OWN"):
        raise WrongFile(
            _("%(file)s is of another platform than %(shop)s.") % {"file": name, "shop": shop.name}
        )
    if form.rows == LINES:
        raise WrongFile(
            _("%(file)s holds goods only. Give the file that names the orders.") % {"file": name}
        )
    return table, form


def _note(of: Shop | Carrier, day: date, kept: str, name: str, by: Worker) -> DayFile:
    with place_of(kept).open("rb") as content:
        sha256 = file_digest(content, "sha256").hexdigest()
    is_shop = isinstance(of, Shop)
    file, _made = DayFile.objects.get_or_create(
        on=day,
        against=Against.PLATFORM if is_shop else Against.CARRIER,
        scope=of.pk,
        sha256=sha256,
        defaults={
            "shop": of if isinstance(of, Shop) else None,
            "carrier": of if isinstance(of, Carrier) else None,
            "name": name,
            "kept_at": kept,
            "by_name": by.actor_name,
        },
    )
    return file


def _platform(file: DayFile, by: Actor, now: datetime) -> tuple[int, int]:
    assert file.shop is not None
    table, form = _form_for(file.shop, place_of(file.kept_at), file.name)
    rows, bad = _copy(table, form)
    _refuse_other_day(file)
    names = "waybill" in form.positions(table.headers)
    compare_platform(file.on, file.shop, names_waybills=names, by=by, now=now)
    return rows, bad


def _copy(table: Table, form: Format) -> tuple[int, int]:
    """Fill the temporary tables with what a file says; return its rows, and those with mistakes."""
    waybills: set[tuple[str, str]] = set()
    rows = 0
    bad: set[str] = set()
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS told_order, told_line, told_waybill")
        cursor.execute(WAYBILLS)
        for name, like, columns in TOLD:
            listed = ", ".join(columns)
            cursor.execute(COPY_OF.format(name=name, listed=listed, like=like))
    for chunk in chunks(_watched(read_orders(table, form), waybills), 0):
        rows += len(chunk.raw)
        bad.update(line.split("\t", 2)[1] for line in chunk.mistakes)
        for (name, _like, columns), lines in zip(TOLD, (chunk.orders, chunk.lines), strict=True):
            _copy_lines(name, columns, lines)
    with connection.cursor() as cursor, cursor.copy("COPY told_waybill FROM STDIN") as copy:
        for pair in sorted(waybills):
            copy.write_row(pair)
    return rows, len(bad)


def _watched(readings: Iterable[Reading], waybills: set[tuple[str, str]]) -> Iterator[Reading]:
    """Hand the readings on; note which waybills the platform names, which intake leaves aside."""
    for reading in readings:
        named = [reading.order, *reading.lines]
        for each in named:
            if each and each.waybill and reading.platform_order:
                numbers = each.waybill.replace("|", ",").replace("，", ",").split(",")
                waybills.update((reading.platform_order, one.strip()) for one in numbers if one)
        yield reading


def _copy_lines(name: str, columns: tuple[str, ...], lines: list[str]) -> None:
    if lines:
        with (
            connection.cursor() as cursor,
            cursor.copy(f"COPY {name} ({', '.join(columns)}) FROM STDIN") as copy,
        ):
            copy.write("".join(lines))


def _refuse_other_day(file: DayFile) -> None:
    with connection.cursor() as cursor:
        cursor.execute(ITS_DAYS, bounds(file.on))
        dated, of_day = cursor.fetchone()
    if dated and not of_day:
        raise WrongFile(
            _("%(file)s has no order of %(day)s. Choose the day for which it was exported.")
            % {"file": file.name, "day": file.on}
        )


def _carrier(file: DayFile, by: Actor, now: datetime) -> tuple[int, int]:
    assert file.carrier is not None
    rows, bad = file.rows, file.bad
    if not file.parcels.exists():
        rows, bad = _take_bill(file)
    days = sorted(set(file.parcels.values_list("on", flat=True).distinct()) | {file.on})
    if len(days) > MOST_DAYS:
        raise WrongFile(
            _("%(file)s goes over more than %(n)s days. Split it by month.")
            % {"file": file.name, "n": MOST_DAYS}
        )
    for day in days:
        compare_carrier(day, file.carrier, by=by, now=now)
    return rows, bad


def _take_bill(file: DayFile) -> tuple[int, int]:
    good = bad = 0
    copying = 'COPY channels_billrow (file_id, row, waybill, "on", weight_g, fee_fen) FROM STDIN'
    with connection.cursor() as cursor, cursor.copy(copying) as copy:
        for line in bills.lines(_table(place_of(file.kept_at), file.name)):
            if line is None:
                bad += 1
                continue
            good += 1
            day = line.on or file.on
            copy.write_row((file.pk, line.row, line.waybill, day, line.weight_g, line.fee_fen))
    return good + bad, bad
