"""Papers say what they must, and not what they must not."""

import re
import time
from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader

from gendan.warehouse.paper import pdf, render
from gendan.warehouse.paper.code128 import bars
from gendan.warehouse.paper.documents import CashOnDelivery, Line, Paper, PricedLine
from gendan.warehouse.paper.typesetting import AT_ONCE, CodeTooLong, sheets
from gendan.warehouse.tests.papers import (
    COD_WAYBILL,
    HAND_OVER,
    NOTE,
    PICK_LIST,
    PRICED_NOTE,
    WAYBILL,
    texts,
)

PRICE = re.compile(r"[¥￥]|\d+\.\d\d\b|元")


def millimetres(paper: bytes) -> tuple[int, int]:
    box = PdfReader(BytesIO(paper)).pages[0].mediabox
    return round(float(box.width) / 72 * 25.4), round(float(box.height) / 72 * 25.4)


def test_a_note_without_prices_shows_none_anywhere() -> None:
    text = "".join(texts(pdf([NOTE])))
    assert "明前龙井" in text
    assert not PRICE.search(text)


def test_a_line_without_a_price_has_nowhere_to_write_one() -> None:
    assert not [name for name in Line.__slots__ if "fen" in name or "price" in name]
    assert not issubclass(PricedLine, Line)


def test_a_waybill_shows_no_price_of_the_goods() -> None:
    assert not PRICE.search("".join(texts(pdf([WAYBILL]))))


def test_a_priced_note_shows_prices_and_all_its_orders() -> None:
    text = "".join(texts(pdf([PRICED_NOTE])))
    assert "¥123.45" in text
    assert "¥250.00" in text
    assert "1234567890123456790" in text


def test_cash_to_collect_and_the_mark_of_a_reprint_stand_on_the_waybill() -> None:
    text = "".join(texts(pdf([COD_WAYBILL])))
    assert "¥250.00" in text
    assert "补打 2" in text


def test_an_unseen_amount_to_collect_is_not_printed() -> None:
    unseen = replace(COD_WAYBILL, collect=CashOnDelivery(None))
    text = "".join(texts(pdf([unseen])))
    assert "代收货款" in text
    assert not PRICE.search(text)


def test_every_paper_has_its_size() -> None:
    assert millimetres(pdf([PICK_LIST])) == (210, 297)
    assert millimetres(pdf([NOTE])) == (148, 210)
    assert millimetres(pdf([WAYBILL])) == (100, 180)
    assert millimetres(pdf([HAND_OVER])) == (210, 297)


BAR = re.compile(rb"(\d+) 0 m (\d+) 0 l \2 1 l \1 1 l")


def test_barcodes_stand_in_the_file_bar_by_bar() -> None:
    drawing = PdfReader(BytesIO(pdf([WAYBILL]))).pages[0].get_contents()
    assert drawing is not None
    found = [(int(left), int(right) - int(left)) for left, right in BAR.findall(drawing.get_data())]
    wanted = bars(WAYBILL.number) + bars(WAYBILL.shipment)
    assert tuple(number for bar in found for number in bar) == wanted


def test_papers_are_joined_in_their_order() -> None:
    papers: list[Paper] = [PICK_LIST, NOTE, PRICED_NOTE, WAYBILL, HAND_OVER]
    pages = texts(pdf(papers))
    assert len(pages) == len(papers)
    for page, word in zip(pages, ["拣货单", "发货单", "发货单", "SF12", "交接单"], strict=True):
        assert word in page


def test_only_a_note_that_flows_on_is_numbered() -> None:
    long = replace(NOTE, lines=NOTE.lines * 40)
    *_, last = texts(pdf([long]))
    assert "第 3 页，共 3 页" in last
    assert "共" not in texts(pdf([NOTE]))[0]


def test_a_note_that_flows_on_unforeseen_is_found_and_counted() -> None:
    wordy = replace(NOTE, care=("请避免暴晒。" * 400,))
    pages = [count for sheet in sheets([NOTE, WAYBILL, wordy, NOTE]) for count in sheet.pages]
    assert pages == [1, 1, 2, 1]


def test_marks_of_the_typesetter_are_printed_as_they_stand() -> None:
    odd = replace(NOTE, remarks=('#pagebreak() $x$ *fett* \\ <a> @b "c"',))
    assert '#pagebreak() $x$ *fett* \\ <a> @b "c"' in texts(pdf([odd]))[0]


def test_it_speaks_english() -> None:
    text = texts(pdf([PRICED_NOTE], language="en"))[0]
    assert "Delivery note" in text
    assert "发货单" not in text


def test_a_number_too_long_for_its_paper_is_refused() -> None:
    with pytest.raises(CodeTooLong):
        pdf([replace(WAYBILL, number="X" * 60)])


def test_many_papers_come_in_pieces_and_in_good_time() -> None:
    began = time.process_time()
    pieces = list(render([NOTE, WAYBILL] * AT_ONCE))
    assert len(pieces) > 3
    assert len(PdfReader(BytesIO(b"".join(pieces))).pages) == 2 * AT_ONCE
    assert time.process_time() - began < 5


def test_papers_set_beside_each_other_come_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gendan.warehouse.paper.typesetting.AT_ONCE", 2)
    numbers = [f"YT{number:010}" for number in range(9)]
    made = list(sheets(replace(WAYBILL, number=number) for number in numbers))
    assert [len(sheet.pages) for sheet in made] == [2, 2, 2, 2, 1]
    said = [text for sheet in made for text in texts(sheet.pdf)]
    assert all(number[-4:] in text for number, text in zip(numbers, said, strict=True))
