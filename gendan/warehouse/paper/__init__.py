"""Paper of the warehouse: pick lists, delivery notes, waybills, hand-over lists.

Plain data in, PDF out. `render` gives the PDF in pieces, `pdf` in one.
"""

from collections.abc import Iterable, Iterator

from gendan.warehouse.paper.documents import Paper
from gendan.warehouse.paper.joining import join
from gendan.warehouse.paper.typesetting import sheets


def render(papers: Iterable[Paper], *, language: str = "zh-hans") -> Iterator[bytes]:
    """One PDF of all papers in their order, in pieces, with flat memory however many there are.

    :raises CodeTooLong: if a number is too long for its barcode
    :raises NotEncodable: if a number has other than printable ASCII characters
    """
    return join(sheet.pdf for sheet in sheets(papers, language=language))


def pdf(papers: Iterable[Paper], *, language: str = "zh-hans") -> bytes:
    """The same in one piece, for few papers.

    :raises CodeTooLong: if a number is too long for its barcode
    :raises NotEncodable: if a number has other than printable ASCII characters
    """
    return b"".join(render(papers, language=language))
