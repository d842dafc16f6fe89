"""Papers into PDF sheets by typst, some hundred at a time, in memory that stays flat."""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path

import orjson
import pylopdf_fonts_zh_cn
import typst

from gendan.warehouse.paper import code128
from gendan.warehouse.paper.documents import (
    DeliveryNote,
    HandOverList,
    Paper,
    PickList,
    PricedDeliveryNote,
    Waybill,
)
from gendan.warehouse.paper.joining import pages_in
from gendan.warehouse.paper.words import words

LAYOUTS = Path(__file__).parent / "layouts"
AT_ONCE = 250
"""Papers typeset together: more cost memory, fewer repeat the fonts too often."""

PRESSES = 2
"""Runs typeset at the same time; each costs as much memory."""

MODULES_MM = (0.5, 0.375, 0.25)
"""Widths of a bar: whole dots of a 203 dpi label printer; 0.25 mm is the least scanners like."""

Code = dict[str, object]


class CodeTooLong(ValueError):
    """The text does not fit on the paper in bars wide enough for a scanner."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A PDF of some papers, and how many pages each of them takes."""

    pdf: bytes
    pages: tuple[int, ...]


def sheets(papers: Iterable[Paper], *, language: str = "zh-hans") -> Iterator[Sheet]:
    """The papers in their order, as PDFs of up to `AT_ONCE` papers.

    While some are set, the next are read and the last are filed: typst does not hold Python up,
    and of one run it keeps a second core busy only in parts.

    :raises CodeTooLong: if a number is too long for its barcode
    :raises NotEncodable: if a number has other than printable ASCII characters
    """
    with ThreadPoolExecutor(PRESSES, "typst") as presses:
        under_way: deque[Future[list[Sheet]]] = deque()
        for chunk in _together(papers):
            under_way.append(presses.submit(_set, chunk, language))
            if len(under_way) > PRESSES:
                yield from under_way.popleft().result()
        for made in under_way:
            yield from made.result()


def _set(papers: list[Paper], language: str) -> list[Sheet]:
    made = list(_typeset(papers, language))
    _forget()
    return made


def _together(papers: Iterable[Paper]) -> Iterator[list[Paper]]:
    for flowing, run in groupby(papers, key=_may_flow_on):
        yield from _chunks(run, 1 if flowing else AT_ONCE)


def _may_flow_on(paper: Paper) -> bool:
    """Long papers are set one by one, because only they need page numbers."""
    match paper:
        case Waybill():
            return False
        case DeliveryNote() | PricedDeliveryNote():
            return len(paper.lines) > 8
    return True


def _chunks(papers: Iterable[Paper], size: int) -> Iterator[list[Paper]]:
    chunk: list[Paper] = []
    for paper in papers:
        chunk.append(paper)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _typeset(papers: list[Paper], language: str) -> Iterator[Sheet]:
    """A paper that flows on unforeseen is found by halving, and set again with page numbers."""
    pdf = _compile(papers, language)
    pages = pages_in(pdf)  # the page tree comes first, in one node
    if pages == len(papers):
        yield Sheet(pdf, (1,) * pages)
    elif len(papers) == 1:
        yield Sheet(_compile(papers, language, numbered=True), (pages,))
    else:
        middle = len(papers) // 2
        yield from _typeset(papers[:middle], language)
        yield from _typeset(papers[middle:], language)


def _compile(papers: list[Paper], language: str, *, numbered: bool = False) -> bytes:
    return typst.compile(
        LAYOUTS / "papers.typ",
        root=LAYOUTS,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        format="pdf",
        pdf_tags=False,
        sys_inputs={
            "papers": orjson.dumps([_as_data(paper) for paper in papers]).decode(),
            "words": orjson.dumps(words(language)).decode(),
            "language": language[:2],
            "numbered": "yes" if numbered else "no",
        },
    )


def _as_data(paper: Paper) -> dict[str, object]:
    return {"kind": type(paper).__name__, "paper": paper, "codes": _codes(paper)}


def _codes(paper: Paper) -> dict[str, object]:
    match paper:
        case PickList():
            return {"wave": _code(paper.wave, 70)}
        case DeliveryNote() | PricedDeliveryNote():
            return {"shipment": _code(paper.shipment, 75)}
        case Waybill():
            return {"number": _code(paper.number, 92), "shipment": _code(paper.shipment, 56)}
        case HandOverList():
            return {"number": _code(paper.number, 70)}


def _code(text: str, room_mm: float) -> Code:
    """Bars as wide as the room allows, with ten modules of silence on each side."""
    modules = code128.width(text)
    for module in MODULES_MM:
        if (modules + 20) * module <= room_mm:
            return {
                "drawing": code128.drawing(text),
                "width_mm": modules * module,
                "silence_mm": 10 * module,
                "digits": _in_fours(text),
            }
    raise CodeTooLong(text)


def _in_fours(text: str) -> str:
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


@lru_cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(False, False, [Path(pylopdf_fonts_zh_cn.__file__).parent])


def _forget() -> None:
    """Drop what typst remembers, so that thousands of pages take no more memory than hundreds.

    It keeps every intermediate result until ten further documents have been set without it.
    """
    for _ in range(11):
        typst.compile(b"", font_paths=_fonts(), ignore_system_fonts=True, format="pdf")
