"""PDFs of typst joined into one, piece by piece, without reading them into a tree.

Typst writes plain objects with a classic cross-reference table, the page tree first. So joining is
shifting every object number by what went before and hanging each page tree below a common root; it
is some twenty times faster than a general library and remembers only where the objects begin.
"""

import re
from array import array
from collections.abc import Iterable, Iterator

REFERENCE = re.compile(rb"\b(\d+) 0 (obj|R)\b")


class NotPlain(ValueError):
    """The PDF is not written the way this place understands."""


def join(pdfs: Iterable[bytes]) -> Iterator[bytes]:
    """One PDF of all pages, in pieces ready to be written to a file or a response.

    :raises NotPlain: if a PDF has no classic cross-reference table
    """
    joined = _Joined()
    yield joined.head()
    for pdf in pdfs:
        yield joined.add(pdf)
    yield joined.tail()


class _Joined:
    """Where the objects written so far begin; numbers 1 and 2 are kept for the common root."""

    def __init__(self) -> None:
        self.offsets = array("Q")  # by number, 0 for a number that no object has
        self.size = 0
        self.top = 2
        self.trees: list[tuple[int, int]] = []

    def head(self) -> bytes:
        return self._written(b"%PDF-1.7\n%\x80\x80\x80\x80\n")

    def add(self, pdf: bytes) -> bytes:
        shift, pieces = self.top, []
        for body in _objects(pdf):
            number = _number(body) + shift
            self.top = max(self.top, number)
            self._begins(number, self.size)
            pieces.append(self._written(self._moved(body, number, shift)))
        return b"".join(pieces)

    def _moved(self, body: bytes, number: int, shift: int) -> bytes:
        words, stream, data = body.partition(b"stream\n")
        words = REFERENCE.sub(lambda m: b"%d 0 %b" % (int(m[1]) + shift, m[2]), words)
        if b"/Type/Pages" in words:
            self.trees.append((number, pages_in(words)))
            words = words.replace(b"/Type/Pages", b"/Type/Pages/Parent 1 0 R", 1)
        return words + stream + data

    def tail(self) -> bytes:
        kids = b" ".join(b"%d 0 R" % number for number, _ in self.trees)
        count = sum(pages for _, pages in self.trees)
        root = b"1 0 obj\n<</Type/Pages/Count %d/Kids[%b]>>\nendobj\n" % (count, kids)
        self._begins(1, self.size)
        catalog = b"2 0 obj\n<</Type/Catalog/Pages 1 0 R>>\nendobj\n"
        self._begins(2, self.size + len(root))
        return self._written(root + catalog) + self._table()

    def _table(self) -> bytes:
        rows = b"".join(self._row(number) for number in range(1, self.top + 1))
        trailer = b"<</Size %d/Root 2 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (self.top + 1, self.size)
        return b"xref\n0 %d\n0000000000 65535 f \n%btrailer\n%b" % (self.top + 1, rows, trailer)

    def _row(self, number: int) -> bytes:
        offset = self.offsets[number] if number < len(self.offsets) else 0
        return b"%010d 00000 n \n" % offset if offset else b"0000000000 65535 f \n"

    def _begins(self, number: int, offset: int) -> None:
        self.offsets.extend([0] * (number + 1 - len(self.offsets)))
        self.offsets[number] = offset

    def _written(self, data: bytes) -> bytes:
        self.size += len(data)
        return data


def _objects(pdf: bytes) -> Iterator[bytes]:
    """Each object as it stands in the file, but the catalogue and the information."""
    start = int(pdf[pdf.rindex(b"startxref") + 9 : pdf.rindex(b"%%EOF")])
    if not pdf.startswith(b"xref\n", start):
        raise NotPlain("no classic cross-reference table")
    trailer = pdf[pdf.rindex(b"trailer") :]
    left_out = {int(number) for number in re.findall(rb"/(?:Root|Info) (\d+) 0 R", trailer)}
    entries = re.findall(rb"(\d{10}) \d{5} n", pdf[start:])
    offsets = sorted(int(entry) for entry in entries)
    for begin, end in zip(offsets, [*offsets[1:], start], strict=True):
        body = pdf[begin:end]
        if _number(body) not in left_out:
            yield body


def _number(body: bytes) -> int:
    return int(body[: body.index(b" ")])


def pages_in(tree: bytes) -> int:
    """Return the pages that the first page tree in these bytes says it has."""
    start = tree.index(b"/Count ") + len(b"/Count ")
    return int(tree[start : tree.index(b"/", start)])
