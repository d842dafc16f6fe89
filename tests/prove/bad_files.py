"""Bad files: damaged order files go through the real intake; nothing crashes, no order is wrong.

An oracle knows the orders of each file before it was damaged. Whatever an order loses on the way is
explained by a message that names the row, or the file.
"""

import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gendan.bench.report import Row
from gendan.channels.actions import import_files
from gendan.config.verify import verify
from gendan.journal.actors import Job
from gendan.orders.models import Line, Order
from gendan.ui.errors import Refused
from tests.prove.mangling import Judge, Mangled, bomb, mangle
from tests.prove.originals import Original, originals

BY = Job("prove")
FILES = 5_200
LARGE = 200 * 1024**2
GENDAN = (sys.executable, "-m", "gendan.config.cli")

Facts = tuple[Any, ...]
Told = Mapping[str, Facts]


@dataclass
class Tally:
    """What came of the files."""

    files: int = 0
    orders: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    mistakes: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


def try_files(number: int, *, first: int = 0) -> Tally:
    """Damage so many files, seeds counted from `first`, and take them in one by one."""
    tally = Tally()
    with tempfile.TemporaryDirectory(prefix="gendan-bad-") as folder:
        places = Path(folder)
        truths = [(original, _truth(original, places)) for original in originals()]
        for seed in range(first, first + number):
            original, truth = truths[seed % len(truths)]
            damaged = mangle(original, places, seed)
            tally.files += 1
            tally.faults += _faults(seed, original, damaged, truth, tally)
            damaged.path.unlink()
    tally.faults += [f"verify: {finding}" for finding in verify()]
    return tally


def _truth(original: Original, folder: Path) -> Told:
    """Take in the file before it is damaged, and return its orders."""
    path = original.write(folder / f"good.{original.kind}", original.header, original.rows)
    report = import_files(f"GOOD-{original.name}"[:20], [path, *_partner(original, folder)], by=BY)
    assert report["orders"] == report["new"] > 0, (original.name, report)
    return _orders(f"GOOD-{original.name}"[:20])


def _partner(original: Original, folder: Path) -> list[Path]:
    other = original.partner
    if not other:
        return []
    return [other.write(folder / f"partner-{other.name}.{other.kind}", other.header, other.rows)]


def _orders(shop: str) -> dict[str, Facts]:
    """Return money and goods of each order of a shop, by its number."""
    wanted = ("platform_order", "pk", "total_fen", "paid_fen")
    orders = list(Order.objects.filter(shop__code=shop).values_list(*wanted))
    lines: dict[int, list[Facts]] = {}
    goods = ("order_id", "shop_code", "quantity", "total_fen", "is_cancelled")
    found = Line.objects.filter(order__in=[pk for _name, pk, *_money in orders])
    for order, *line in found.values_list(*goods):
        lines.setdefault(order, []).append(tuple(line))
    return {name: (total, paid, *sorted(lines.get(pk, []))) for name, pk, total, paid in orders}


def _faults(
    seed: int, original: Original, damaged: Mangled, truth: Told, tally: Tally
) -> Iterator[str]:
    """Take a damaged file in; yield whatever is wrong with what came of it."""
    where = f"{original.name} {damaged.kind} (seed {seed})"
    shop = f"BAD{seed}"
    paths = [damaged.path, *_partner(original, damaged.path.parent)]
    try:
        report = import_files(shop, paths, by=BY)
    except Refused as refused:
        tally.refused[damaged.kind] += 1
        if damaged.path.name not in refused.sentence:
            yield f"{where}: no place in “{refused.sentence}”"
        return
    except BaseException as crash:
        if isinstance(crash, KeyboardInterrupt):
            raise
        yield f"{where}: {type(crash).__name__}: {crash}"[:400]
        return
    orders = _orders(shop)
    tally.orders += len(orders)
    tally.mistakes.update(row["message"] for row in report["rows_in_error"])
    yield from _unplaced(where, report)
    yield from _wrong(where, damaged, orders, truth)
    missing = len(truth) - len(orders) if damaged.judge is Judge.SAME else 0
    if missing > 0 and not report["rows_in_error"] and not report["waiting"]:
        yield f"{where}: {missing} orders are missing and nothing says why"


def _unplaced(where: str, report: Mapping[str, Any]) -> Iterator[str]:
    for row in report["rows_in_error"]:
        if row["row"] < 1 or not row["file"] or not row["message"] or not row["remedy"]:
            yield f"{where}: a message without its place: {row}"


def _wrong(where: str, damaged: Mangled, orders: Told, truth: Told) -> Iterator[str]:
    """Yield the orders that are not what they were, where that can be known."""
    content = _readable(damaged.path)
    last = max((name for name in truth), key=lambda name: content.rfind(name.encode()), default="")
    for name, facts in orders.items():
        if damaged.judge is Judge.ANY:
            if damaged.path.suffix != ".xlsx" and name.encode() not in content:
                yield f"{where}: no such order in the file: {name}"
        elif name not in truth:
            yield f"{where}: {name} is no order of the original"
        elif facts != truth[name] and not (damaged.judge is Judge.CUT and name == last):
            yield f"{where}: {name} is {facts}, not {truth[name]}"


def _readable(path: Path) -> bytes:
    """Return the content without what may stand between the characters of a number."""
    return re.sub(rb"[\0\s]", b"", path.read_bytes())


def large_csv(path: Path, *, ends: bytes) -> Path:
    """Write a CSV of 200 MB: a few orders, and then long rows with these `ends`."""
    original = next(each for each in originals() if each.name == "own")
    original.write(path, original.header, original.rows)
    with path.open("ab") as file:
        while file.tell() < LARGE:
            file.write(b"S1,1," + b"x" * 60_000 + ends)
    return path


def peak_of(path: Path) -> int:
    """Take a file in as `gendan import` does; return how many MB that needed at most."""
    command = [*GENDAN, "import", "--shop", path.stem.upper()[:20], str(path)]
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=said) as process,
    ):
        _pid, _status, used = os.wait4(process.pid, 0)
        said.seek(0)
        assert b"Traceback" not in said.read(), path.name
    return used.ru_maxrss // 1024


def prove() -> list[Row]:
    """Try 5,200 damaged files, and three that are far too large."""
    tally = try_files(FILES)
    with tempfile.TemporaryDirectory(prefix="gendan-large-") as folder:
        place = Path(folder)
        peaks = [
            peak_of(large_csv(place / "rows.csv", ends=b"\r\n")),
            peak_of(large_csv(place / "endless.csv", ends=b"")),
            peak_of(bomb(place / "book.xlsx", LARGE)),
        ]
    kinds = ", ".join(f"{kind} {count}" for kind, count in tally.refused.most_common(6))
    mistakes = sum(tally.mistakes.values())
    for fault in tally.faults:
        sys.stderr.write(f"{fault}\n")
    return [
        Row(
            "Bad files: damaged order files of every format through the real intake",
            f"{tally.files:,} files: {tally.orders:,} orders made, {mistakes:,} mistakes named "
            f"({len(tally.mistakes)} kinds), {sum(tally.refused.values()):,} files refused "
            f"({kinds}, …), {len(tally.faults)} faults",
            aim="no crash, no wrong order, every message names its place",
            met=not tally.faults,
        ),
        Row(
            "Bad files: memory with 200 MB of long rows, of one row, and in a workbook unpacked",
            ", ".join(f"{peak} MB" for peak in peaks),
            aim="≤ 400 MB",
            met=max(peaks) <= 400,
        ),
    ]
