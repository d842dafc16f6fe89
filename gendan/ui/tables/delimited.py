"""Text files with a mark between the fields: CSV and its relatives, packed or not."""

import codecs
import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from gendan.ui.tables.rows import NotATable, RawRow

CHUNK = 1 << 20
LONGEST_RECORD = 200_000
MOST_LINES = 500
"""Characters and lines one record may have before its quotation mark counts as left open."""

csv.field_size_limit(LONGEST_RECORD * 4)

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True)
class Delimited:
    """A text file whose encoding and delimiter are known."""

    path: Path
    encoding: str
    delimiter: str
    kind: str = "CSV"

    def stream(self) -> Iterator[RawRow]:
        """Yield every record of the file, blank ones included.

        :raises NotATable: if a packed file breaks off
        """
        try:
            with _open(self.path) as raw:
                text = io.TextIOWrapper(raw, self.encoding, errors="replace", newline="")
                yield from _records(_lines(text), self.delimiter)
        except (OSError, EOFError, zlib.error) as error:
            raise NotATable(self.path.name) from error

    def count(self) -> int:
        """Return the number of lines."""
        with _open(self.path) as raw:
            return sum(chunk.count(b"\n") for chunk in iter(lambda: raw.read(CHUNK), b""))


def look_into(path: Path) -> Delimited:
    """Find out how a text file is encoded and what separates its fields.

    :raises NotATable: if it is no text
    """
    try:
        with _open(path) as raw:
            head = raw.read(CHUNK)
        encoding = _encoding(path, head)
    except (OSError, EOFError, zlib.error) as error:
        raise NotATable(path.name) from error
    beginning = head.decode(encoding, errors="replace")
    if not beginning.strip("\ufeff\0\r\n\t ") or beginning.count("\0") > len(beginning) // 10:
        raise NotATable(path.name)
    return Delimited(path, encoding, _delimiter(beginning))


def _open(path: Path) -> BinaryIO:
    file = path.open("rb")
    if file.read(2) == b"\x1f\x8b":
        file.close()
        return cast(BinaryIO, gzip.open(path, "rb"))
    file.seek(0)
    return file


def _encoding(path: Path, head: bytes) -> str:
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    if head[1:400:2].count(0) > len(head[:400]) // 3:
        return "utf-16-le"
    return "utf-8" if _decodes(path, "utf-8") or _mostly_utf8(head) else "gb18030"


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with _open(path) as raw:
            while chunk := raw.read(CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _mostly_utf8(head: bytes) -> bool:
    """Tell UTF-8 with a few broken bytes from GB18030, which is nearly all broken as UTF-8."""
    text = head.decode("utf-8", errors="replace")
    foreign = len(text) - len(text.encode("ascii", errors="ignore"))
    return text.count("\ufffd") * 10 < foreign


def _delimiter(beginning: str) -> str:
    first = next((line for line in beginning.splitlines() if line.strip()), "")
    return max((",", "\t", ";", "|"), key=first.count) if first else ","


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    """Yield the lines; one without end is left when it is longer than any record may be."""
    while line := text.readline(LONGEST_RECORD + 1):
        yield line
        while len(line) > LONGEST_RECORD and not line.endswith(("\n", "\r")):
            line = text.readline(LONGEST_RECORD + 1) or "\n"


def _records(lines: Iterator[str], delimiter: str) -> Iterator[RawRow]:
    waiting = _PushedBack(lines)
    for number, line in enumerate(waiting, 1):
        if line.count('"') % 2 and not _closed(line, delimiter):
            yield _long_record(number, line, waiting, delimiter)
        else:
            yield _record(number, line, delimiter)


def _long_record(number: int, first: str, lines: "_PushedBack", delimiter: str) -> RawRow:
    """Join lines until the quotation mark closes; give them back if it never does."""
    taken, length = [first], len(first)
    for line in lines:
        taken.append(line)
        length += len(line)
        if line.count('"') % 2 and _closed("".join(taken), delimiter):
            return _record(number, "".join(taken), delimiter)
        if length > LONGEST_RECORD or len(taken) > MOST_LINES:
            break
    lines.give_back(taken[1:])
    return RawRow(number, _cut(first, delimiter), "QUOTE_OPEN")


def _record(number: int, text: str, delimiter: str) -> RawRow:
    if len(text) > LONGEST_RECORD:
        return RawRow(number, _cut(text[:1000], delimiter), "TOO_LONG")
    if "\0" in text or "\ufffd" in text:
        return RawRow(number, _cut(text.replace("\0", "\ufffd"), delimiter), "UNREADABLE_BYTES")
    return RawRow(number, _cut(text, delimiter))


def _cut(text: str, delimiter: str) -> list[str]:
    if '"' not in text:
        return text.rstrip("\r\n").split(delimiter)
    try:
        return next(csv.reader((text,), delimiter=delimiter), [])
    except csv.Error:
        return text.split(delimiter)


def _closed(text: str, delimiter: str) -> bool:
    """Tell whether the record ends where the text ends: a line after it is a record of its own."""
    try:
        return len(list(csv.reader(iter((text, "end")), delimiter=delimiter))) > 1
    except csv.Error:
        return True


class _PushedBack:
    """Lines that can be given back and are then read again."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = iter(lines)
        self._back: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        return self._back.pop() if self._back else next(self._lines)

    def give_back(self, lines: list[str]) -> None:
        self._back.extend(reversed(lines))
