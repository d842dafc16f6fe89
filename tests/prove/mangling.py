"""What can happen to an order file between the platform and us, each with what may come of it."""

import io
import random
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from tests.prove.originals import Original

NO_ORDERS = ("#VALUE!", "#REF!", "？", "")
FORMULAS = ("=1+1", "=cmd|' /C calc'!A0", "@SUM(A1:A9)", "+1+cmd", '=HYPERLINK("http://a.example")')
NO_NUMBERS = (*FORMULAS, "#VALUE!", "#N/A", "two", "1e99", "--5", "-3.5", "1;2", "12;")
BOMS = (b"\xef\xbb\xbf", b"\xef\xbb\xbf\xef\xbb\xbf")
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030")
HUGE = 300_000


class Judge(Enum):
    """What the orders of a mangled file may be."""

    SAME = "an order is what it was, or it stays outside and a message says why"
    CUT = "as SAME, but the last order of a file that breaks off may have lost lines"
    ANY = "nobody can know what was meant; an order has at least a number of the file"


@dataclass(frozen=True)
class Mangled:
    """A mangled file, what was done to it, and how its orders are judged."""

    path: Path
    kind: str
    judge: Judge


Table = list[list[str]]
OnTable = Callable[[Original, list[str], Table, random.Random], Judge | None]
OnText = Callable[[str, random.Random], tuple[bytes, Judge]]
OnBytes = Callable[[bytes, random.Random], tuple[bytes, Judge]]


def mangle(original: Original, folder: Path, seed: int) -> Mangled:
    """Write a mangled copy of the original; the same seed does the same."""
    rnd = random.Random(seed)
    kinds = [*ON_TABLES, *ON_BYTES, *(ON_BOOKS if original.kind == "xlsx" else ON_TEXTS)]
    path = folder / f"{seed}.{original.kind}"
    while True:
        kind = rnd.choice(kinds)
        if judge := _mangled(kind, original, path, rnd):
            return Mangled(path, kind, judge)


def _mangled(kind: str, original: Original, path: Path, rnd: random.Random) -> Judge | None:
    header, rows = list(original.header), [list(row) for row in original.rows]
    if kind in ON_TABLES:
        judge = ON_TABLES[kind](original, header, rows, rnd)
        if judge:
            original.write(path, header, rows)
        return judge
    content = original.write(path, header, rows).read_bytes()
    if kind in ON_TEXTS:
        content, text_judge = ON_TEXTS[kind](content.decode(original.encoding), rnd)
    else:
        content, text_judge = {**ON_BYTES, **ON_BOOKS}[kind](content, rnd)
    path.write_bytes(content)
    return text_judge


def _put(original: Original, rows: Table, rnd: random.Random, column: str, value: str) -> Judge:
    rnd.choice(rows)[original.place(column)] = value
    return Judge.SAME


def huge(original: Original, _header: list[str], rows: Table, rnd: random.Random) -> Judge | None:
    """Write a field longer than any can be."""
    longest = 32_000 if original.kind == "xlsx" else HUGE
    return _put(original, rows, rnd, original.words, "长" * rnd.choice((6_000, longest)))


def formula(
    original: Original, _header: list[str], rows: Table, rnd: random.Random
) -> Judge | None:
    """Write a formula where words stand."""
    return _put(original, rows, rnd, original.words, rnd.choice(FORMULAS))


def no_number(
    original: Original, _header: list[str], rows: Table, rnd: random.Random
) -> Judge | None:
    """Write what is no number where a quantity or an amount stands; a workbook works it out."""
    column = rnd.choice((original.pieces, original.money))
    value = rnd.choice(NO_NUMBERS)
    if not column or (original.kind == "xlsx" and value.startswith("=")):
        return None
    return _put(original, rows, rnd, column, value)


def rounded_number(
    original: Original, _header: list[str], rows: Table, rnd: random.Random
) -> Judge | None:
    """Round an order number as Excel does, or lose it to a formula."""
    row = rnd.choice(rows)
    at = original.place(original.number)
    number = row[at].strip('="')
    lost = [*NO_ORDERS, *(f"{float(number):.{n}E}" for n in (1, 5) if number.isdigit())]
    row[at] = rnd.choice(lost)
    return Judge.SAME


def all_rounded(
    original: Original, _header: list[str], rows: Table, _rnd: random.Random
) -> Judge | None:
    """Round all order numbers as Excel does, so that all are alike."""
    for row in rows:
        row[original.place(original.number)] = "4.2E+17"
    return Judge.SAME


def as_excel_saves(
    original: Original, _header: list[str], rows: Table, rnd: random.Random
) -> Judge | None:
    """Lose closing zeros, write days as serial numbers, wrap cells in `="…"`."""
    for row in rows:
        cell = row[original.place(original.money)]
        row[original.place(original.money)] = rnd.choice(
            (cell.replace(".00", ""), f"¥{cell}", f" {cell}\t", cell + "0" if cell else "")
        )
        if original.time and row[original.place(original.time)]:
            row[original.place(original.time)] = rnd.choice(("46346.420196759", "2026/11/20 10:05"))
    return Judge.SAME


def moved_columns(
    _original: Original, header: list[str], rows: Table, rnd: random.Random
) -> Judge | None:
    """Put the columns in another order, header and cells alike."""
    order = list(range(len(header)))
    rnd.shuffle(order)
    for row in (header, *rows):
        row[:] = [row[place] for place in order]
    return Judge.SAME


def swapped_names(
    _original: Original, header: list[str], _rows: Table, rnd: random.Random
) -> Judge | None:
    """Exchange the names of two columns, not their cells."""
    one, other = rnd.sample(range(len(header)), 2)
    header[one], header[other] = header[other], header[one]
    return Judge.ANY


def another_total(
    original: Original, _header: list[str], rows: Table, rnd: random.Random
) -> Judge | None:
    """Let a second row tell another amount of the same order."""
    if not original.total:
        return None
    again = list(rnd.choice(rows))
    again[original.place(original.total)] = f"{rnd.randint(1, 9)}.0{rnd.randint(1, 9)}"
    rows.insert(rnd.randint(0, len(rows)), again)
    return Judge.SAME


def twice(original: Original, _header: list[str], rows: Table, rnd: random.Random) -> Judge | None:
    """Repeat a row; where lines have no number of their own, it may be the same goods again."""
    rows.insert(rnd.randint(0, len(rows)), list(rnd.choice(rows)))
    return Judge.ANY if original.name in ("jd", "details", "shopify", "invoices") else Judge.SAME


def nul(original: Original, _header: list[str], rows: Table, rnd: random.Random) -> Judge | None:
    """Write a NUL into any cell."""
    if original.kind == "xlsx":
        return None
    row = rnd.choice(rows)
    place = rnd.randrange(len(row))
    row[place] = row[place][:2] + "\0" + row[place][2:]
    return Judge.SAME


def strange_rows(
    _original: Original, header: list[str], rows: Table, rnd: random.Random
) -> Judge | None:
    """Put a blank row, the header again, or a row of sums between the rows."""
    odd = rnd.choice(([""] * len(header), list(header), ["合计", *[""] * (len(header) - 1)]))
    rows.insert(rnd.randint(1, len(rows)), odd)
    return Judge.SAME


def cut(content: bytes, rnd: random.Random) -> tuple[bytes, Judge]:
    """Let the file break off anywhere."""
    return content[: rnd.randrange(len(content))], Judge.CUT


def flipped(content: bytes, rnd: random.Random) -> tuple[bytes, Judge]:
    """Change some bytes."""
    changed = bytearray(content)
    for _ in range(rnd.randint(1, 8)):
        changed[rnd.randrange(len(changed))] = rnd.randrange(256)
    return bytes(changed), Judge.ANY


def lost(content: bytes, rnd: random.Random) -> tuple[bytes, Judge]:
    """Lose a stretch in the middle."""
    begin = rnd.randrange(len(content))
    return content[:begin] + content[begin + rnd.randint(1, 400) :], Judge.ANY


def inside_the_workbook(content: bytes, rnd: random.Random) -> tuple[bytes, Judge]:
    """Change some bytes of a part, and pack it again as if nothing had happened."""
    mended = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(mended, "w") as new:
        victim = rnd.choice(old.namelist())
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, flipped(part, rnd)[0] if name == victim and part else part)
    return mended.getvalue(), Judge.ANY


def in_other_encoding(text: str, rnd: random.Random) -> tuple[bytes, Judge]:
    """Write the text in another encoding, all of it."""
    return text.encode(rnd.choice(ENCODINGS)), Judge.SAME


def in_two_encodings(text: str, rnd: random.Random) -> tuple[bytes, Judge]:
    """Go on in another encoding from some row on."""
    lines = text.splitlines(keepends=True)
    at = rnd.randint(1, len(lines))
    one, other = rnd.sample(("utf-8", "gb18030", "utf-16"), 2)
    return "".join(lines[:at]).encode(one) + "".join(lines[at:]).encode(other), Judge.ANY


def with_marks(text: str, rnd: random.Random) -> tuple[bytes, Judge]:
    """Put marks of byte order before the text, once or twice."""
    return rnd.choice(BOMS) + text.encode(), Judge.SAME


def with_mixed_endings(text: str, rnd: random.Random) -> tuple[bytes, Judge]:
    """End each line in another way."""
    ended = (line + rnd.choice(("\n", "\r\n", "\r")) for line in text.splitlines())
    return "".join(ended).encode(), Judge.SAME


def with_open_quote(text: str, rnd: random.Random) -> tuple[bytes, Judge]:
    """Open a quotation mark and never close it."""
    at = rnd.randrange(len(text))
    return f'{text[:at]}"{text[at:]}'.encode(), Judge.ANY


def with_loose_comma(text: str, rnd: random.Random) -> tuple[bytes, Judge]:
    """Put a comma between two fields of a row, as an unquoted field with a comma would."""
    lines = text.splitlines(keepends=True)
    row = rnd.randrange(2, len(lines))
    fields = lines[row].split('","')
    fields.insert(rnd.randrange(1, len(fields)), "")
    lines[row] = '","'.join(fields)
    return "".join(lines).encode(), Judge.SAME


def bomb(path: Path, unpacked: int) -> Path:
    """Write a workbook that is small on disk and `unpacked` bytes when opened."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            for _ in range(unpacked // 1024**2):
                sheet.write(b" " * 1024**2)
    return path


ON_TABLES: dict[str, OnTable] = {
    act.__name__: act
    for act in (
        *(huge, formula, no_number, rounded_number, all_rounded, as_excel_saves),
        *(moved_columns, swapped_names, another_total, twice, nul, strange_rows),
    )
}
ON_TEXTS: dict[str, OnText] = {
    act.__name__: act
    for act in (
        *(in_other_encoding, in_two_encodings, with_marks, with_mixed_endings),
        *(with_open_quote, with_loose_comma),
    )
}
ON_BYTES: dict[str, OnBytes] = {act.__name__: act for act in (cut, flipped, lost)}
ON_BOOKS: dict[str, OnBytes] = {"inside_the_workbook": inside_the_workbook}
