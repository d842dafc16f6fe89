"""Files of what was found: safe to open, complete, and no heavier than a page."""

import csv
import io
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.utils.translation import override
from python_calamine import CalamineWorkbook

from gendan.ui.listing import State, bare, export_rows
from gendan.ui.listing.export import csv_cell
from gendan.ui.tests.listing.conftest import NOW
from gendan.ui.tests.listing.parcels import LISTING, Parcel, Person

Make = Callable[..., list[Parcel]]
ALMOST = timedelta(microseconds=999_999)


def lines(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+86", "'+86"),
        ("-5", "'-5"),
        ("@x", "'@x"),
        ("\t=1", "'\t=1"),
        (-5, "-5"),
        ("4183207715550982713", "4183207715550982713\t"),
        ("007", "007\t"),
        ("13812345678", "13812345678"),
        (None, ""),
        (datetime(2026, 11, 21, 8, 0), "2026-11-21 08:00:00"),  # noqa: DTZ001
    ],
)
def test_a_cell_is_text_and_nothing_else(value: object, cell: str) -> None:
    assert csv_cell(value) == cell


def test_the_csv_holds_what_was_found(parcels: Make, clerk: Person) -> None:
    parcels({"number": "A1", "total_fen": 1250, "note": "=cmd()"}, {"number": "B1"})
    state = State(q="A", columns=("number", "total_fen", "note"))
    content = b"".join(export_rows(LISTING, clerk, state, "csv"))
    assert content.startswith(b"\xef\xbb\xbf")
    assert lines(content) == [["订单号", "金额", "备注"], ["A1", "12.5", "'=cmd()"]]


def test_the_xlsx_holds_what_was_found(parcels: Make, clerk: Person) -> None:
    parcels({"number": "4183207715550982713", "total_fen": 1250, "note": "=1+1"})
    state = State(columns=("number", "total_fen", "note"))
    with override("zh-hans"):
        content = b"".join(export_rows(LISTING, clerk, state, "xlsx"))
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert rows == [["订单号", "金额", "备注"], ["4183207715550982713", 12.5, "=1+1"]]


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_memory_stays_flat(parcels: Make, clerk: Person, file_format: str) -> None:
    parcels(*({"note": "x" * 200} for _ in range(6_000)))
    tracemalloc.start()
    for _part in export_rows(LISTING, clerk, State(), file_format):  # type: ignore[arg-type]
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8_000_000


def test_a_file_made_without_models_is_the_same(
    parcels: Make, clerk: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    parcels(
        {"number": "A1", "total_fen": 1250, "note": "=cmd()", "paid_at": NOW},
        {"number": "0042", "total_fen": 7, "note": '一\n二,"三"', "paid_at": NOW + ALMOST},
        {"number": "4183207715550982713", "note": "\t=1"},
    )
    state = State(columns=tuple(LISTING.by_key), sort="number")
    bare_one = b"".join(export_rows(LISTING, clerk, state, "csv"))
    monkeypatch.setattr(bare, "asked", lambda rows, columns: None)
    assert b"".join(export_rows(LISTING, clerk, state, "csv")) == bare_one
    assert len(lines(bare_one)) == 4


def test_an_empty_cell_alone_is_a_line(parcels: Make, clerk: Person) -> None:
    parcels({"note": "一"}, {"note": ""}, {"note": "三"})
    content = b"".join(export_rows(LISTING, clerk, State(columns=("note",)), "csv"))
    assert sorted(lines(content)[1:]) == [[""], ["一"], ["三"]]


def test_every_row_stands_in_one_of_the_pieces(parcels: Make, clerk: Person) -> None:
    notes = ["x" * 200 + mark for mark in ("", ",", "\n", '"', "二") for _row in range(200)]
    parcels(*({"note": note} for note in notes))
    parts = list(export_rows(LISTING, clerk, State(columns=("note",)), "csv"))
    assert len(parts) > 3
    assert sorted(note for (note,) in lines(b"".join(parts))[1:]) == sorted(notes)


def test_a_file_that_nobody_waits_for_leaves_the_connection_in_order(
    parcels: Make, clerk: Person
) -> None:
    parcels(*({} for _ in range(3_000)))
    parts = export_rows(LISTING, clerk, State(), "csv")
    assert len(next(parts) + next(parts) + next(parts)) > 1_000
    parts.close()
    assert Parcel.objects.count() == 3_000


def test_a_search_that_can_find_nothing_gives_the_heads(parcels: Make, clerk: Person) -> None:
    parcels({})
    nothing = replace(LISTING, rows=lambda person: Parcel.objects.none())
    content = b"".join(export_rows(nothing, clerk, State(columns=("number",)), "csv"))
    assert lines(content) == [["订单号"]]
