"""接单: order files of a shop come in, whole or not at all for each order, and only once."""

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from hashlib import file_digest
from itertools import chain, takewhile
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gendan.channels import queries
from gendan.channels.actions.open_shop import find_or_open_shop
from gendan.channels.formats.format import Format
from gendan.channels.intake.act import act
from gendan.channels.intake.ahead import (
    Aside,
    can_be_read_ahead,
    reading_ahead,
    where_to_cut,
)
from gendan.channels.intake.chunks import Chunk, chunks
from gendan.channels.intake.stage import stage
from gendan.channels.keeping import place_of
from gendan.channels.looking import UnknownFile, look_into, version_of
from gendan.channels.models import FileState, IncomingFile, StagedLine, StagedOrder
from gendan.channels.reading.orders import read_orders
from gendan.journal.actors import Actor
from gendan.people.models import Shop
from gendan.ui.errors import Refused
from gendan.ui.tables.rows import NotATable
from gendan.ui.tables.table import Table
from gendan.worklist.actions import NewItem, open_items
from gendan.worklist.models import Kind

Tell = Callable[[str, int, int], None]


@dataclass(frozen=True)
class _Source:
    """A file on disk, and how it is to be read."""

    path: Path
    table: Table
    form: Format
    sha256: str


def import_files(
    shop_code: str,
    paths: Sequence[Path | str],
    *,
    by: Actor,
    progress: Tell | None = None,
    names: Sequence[str] = (),
) -> dict[str, Any]:
    """Take in order files of a shop and return what became of them.

    Files that belong together (orders and their details) are given together, in any order. The
    same file twice changes nothing; an import that was interrupted goes on where it stopped.

    :raises UnknownFile: if any of them is no order file; nothing was changed
    :raises WrongShop: if the shop belongs to another platform; nothing was changed
    """
    began = time.monotonic()
    sources = [
        _look_at(Path(path), name) for path, name in zip(paths, _padded(names, paths), strict=True)
    ]
    shop, is_new = find_or_open_shop(shop_code, [source.form for source in sources], by=by)
    files = [_register(source, shop, by) for source in sources]
    seen = {file.pk for file in files if file.state == FileState.DONE}
    _bring_in(sources, files, by=by, tell=progress or _silence)
    report = queries.import_report(files, seen)
    return {
        "platform": _platform(sources, shop),
        "shop": shop.code,
        "shop_created": is_new,
        **report,
        "seconds": round(time.monotonic() - began, 2),
    }


def import_kept(ids: Sequence[int], *, by: Actor) -> None:
    """Take in files that were uploaded; what goes wrong with them is noted on them."""
    files = list(IncomingFile.objects.filter(pk__in=ids).select_related("shop").order_by("pk"))
    places = [place_of(file.kept_at) for file in files]
    try:
        import_files(files[0].shop.code, places, by=by, names=[file.name for file in files])
    except Refused as refused:
        IncomingFile.objects.filter(pk__in=ids).exclude(state=FileState.DONE).update(
            state=FileState.FAILED, problem=refused.sentence[:300]
        )


def _look_at(path: Path, name: str) -> _Source:
    table, form = look_into(path, name=name)
    with path.open("rb") as file:
        return _Source(path, table, form, file_digest(file, "sha256").hexdigest())


def _padded(names: Sequence[str], paths: Sequence[Path | str]) -> Iterable[str]:
    return names if len(names) == len(paths) else [""] * len(paths)


def _register(source: _Source, shop: Shop, by: Actor) -> IncomingFile:
    file, _made = IncomingFile.objects.get_or_create(
        shop=shop,
        sha256=source.sha256,
        format=source.form.key,
        version=version_of(source.form),
        defaults={
            "name": source.table.name[:200],
            "headers": list(source.table.headers),
            "by_name": by.actor_name,
        },
    )
    return file


def _bring_in(
    sources: Sequence[_Source], files: Sequence[IncomingFile], *, by: Actor, tell: Tell
) -> None:
    fresh = [pair for pair in zip(sources, files, strict=True) if pair[1].state != FileState.DONE]
    if fresh:
        _stage_all(fresh, tell)
    for source, file in fresh:
        _act(source, file, by=by, tell=tell)
    for _source, file in fresh:
        _finish(file, by=by)
    _settle_waiting(files)


def _stage_all(fresh: Sequence[tuple[_Source, IncomingFile]], tell: Tell) -> None:
    """Stage the files, the largest last: its end is read while the others are."""
    *others, (source, file) = sorted(fresh, key=lambda pair: pair[0].path.stat().st_size)
    with _ahead(source, file, alone=not others) as aside:
        for other in others:
            _stage(*other, None, tell)
        _stage(source, file, aside, tell)


def _ahead(
    source: _Source, file: IncomingFile, *, alone: bool
) -> AbstractContextManager[Aside | None]:
    cut = where_to_cut(source.form, source.table.row_estimate(), alone=alone)
    if cut is None or not can_be_read_ahead(source.path, source.form):
        return nullcontext()
    return reading_ahead(source.path, source.form, file.pk, max(cut, file.rows_read))


def _stage(source: _Source, file: IncomingFile, aside: Aside | None, tell: Tell) -> None:
    label = _("%(file)s: reading") % {"file": file.name}
    rows = max(source.table.row_estimate(), file.rows_read, 1)
    IncomingFile.objects.filter(pk=file.pk).update(rows_expected=rows)

    def read(until: int = sys.maxsize) -> Iterator[Chunk]:
        readings = read_orders(source.table, source.form, after=file.rows_read)
        return chunks(takewhile(lambda each: each.raw.number <= until, readings), file.pk)

    try:
        stage(
            file,
            source.form,
            chain(read(aside.after), aside.chunks(read)) if aside else read(),
            lambda done: tell(label, min(done.rows_read, rows), rows),
        )
    except NotATable:
        _give_up(file)
        raise UnknownFile(
            _("%(file)s breaks off in the middle. Export it again.") % {"file": file.name}
        ) from None
    tell(label, rows, rows)


def _act(source: _Source, file: IncomingFile, *, by: Actor, tell: Tell) -> None:
    label = _("%(file)s: orders") % {"file": file.name}
    total = max(queries.orders_staged(file), 1)
    act(
        file,
        source.form,
        orders=total,
        by=by,
        progress=lambda done: tell(label, min(done.orders, total), total),
    )


@transaction.atomic
def _give_up(file: IncomingFile) -> None:
    for staged in (StagedOrder, StagedLine):
        staged.objects.filter(file_id=file.pk).delete()
    IncomingFile.objects.filter(pk=file.pk).update(
        state=FileState.FAILED, problem=_("The file breaks off in the middle.")
    )


def _finish(file: IncomingFile, *, by: Actor) -> None:
    rejected = queries.orders_rejected(file)
    waits = queries.orders_staged(file) > 0
    IncomingFile.objects.filter(pk=file.pk).update(
        state=FileState.WAITING if waits else FileState.DONE,
        rejected=rejected,
        finished_at=timezone.now(),
    )
    if rejected:
        bad = NewItem(
            Kind.IMPORT,
            "import",
            file.pk,
            facts={"file": file.name, "rows": rejected},
            shop_id=file.shop_id,
        )
        open_items([bad], by=by, now=timezone.now())


def _settle_waiting(files: Sequence[IncomingFile]) -> None:
    """A file whose other half has come by now waits no longer."""
    shops = {file.shop_id for file in files}
    for file in IncomingFile.objects.filter(shop__in=shops, state=FileState.WAITING):
        if not queries.orders_staged(file):
            IncomingFile.objects.filter(pk=file.pk).update(state=FileState.DONE)


def _platform(sources: Sequence[_Source], shop: Shop) -> str:
    return sources[0].form.platform if sources else shop.platform


def _silence(_what: str, _done: int, _of: int) -> None:
    return None
