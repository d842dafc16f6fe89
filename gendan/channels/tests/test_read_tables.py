"""Whatever wrote the file, its rows are read as a person sees them in Excel."""

import gzip
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gendan.channels.formats.format import Format
from gendan.channels.formats.recognise import recognise
from gendan.channels.reading.orders import read_orders
from gendan.channels.tests import files
from gendan.ui.tables.rows import NotATable
from gendan.ui.tables.table import open_table

ROW = ["1", "明前龙井，头采", "a,b"]
HEADER = ["订单号", "商品 ", "备注"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_it_knows_the_encoding(tmp_path: Path, encoding: str) -> None:
    table = open_table(files.as_csv(tmp_path / "a.csv", HEADER, [ROW], encoding=encoding))
    assert table.headers == ("订单号", "商品", "备注")
    assert [row.cells for row in table.rows()] == [ROW]


@pytest.mark.parametrize("delimiter", ["\t", ";"])
def test_it_knows_the_delimiter(tmp_path: Path, delimiter: str) -> None:
    place = tmp_path / "a.txt"
    place.write_text(delimiter.join(HEADER) + "\n" + delimiter.join("123"), "utf-8")
    assert [row.cells for row in open_table(place).rows()] == [["1", "2", "3"]]


def test_it_reads_packed_files(tmp_path: Path) -> None:
    plain = files.as_csv(tmp_path / "a.csv", HEADER, [ROW])
    packed = tmp_path / "a.csv.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert [row.cells for row in open_table(packed).rows()] == [ROW]


def test_a_packed_file_that_breaks_off_is_no_table(tmp_path: Path) -> None:
    broken = tmp_path / "a.csv.gz"
    broken.write_bytes(gzip.compress(b"a,b\n" * 9000)[:-20])
    with pytest.raises(NotATable):
        list(open_table(broken).rows())


def test_it_counts_rows_as_excel_does(tmp_path: Path) -> None:
    place = tmp_path / "a.csv"
    place.write_text('订单号,备注\n1,"two\nlines"\n\n3,x\n', "utf-8")
    assert [(row.number, row.cells[0]) for row in open_table(place).rows()] == [(2, "1"), (4, "3")]


def test_an_open_quotation_mark_costs_one_row_only(tmp_path: Path) -> None:
    rows = "".join(f"{n},x\n" for n in range(1000))
    place = tmp_path / "a.csv"
    place.write_text(f'订单号,备注\n7,"never closed\n{rows}', "utf-8")
    read = list(open_table(place).rows())
    assert read[0].problem == "QUOTE_OPEN"
    assert len(read) == 1001
    assert not any(row.problem for row in read[1:])


def test_a_quotation_mark_inside_a_field_is_just_one(tmp_path: Path) -> None:
    place = tmp_path / "a.csv"
    place.write_text('订单号,备注\n1,5" pan\n2,y\n', "utf-8")
    assert [row.cells[1] for row in open_table(place).rows()] == ['5" pan', "y"]


def test_bytes_that_are_no_text_are_a_mistake_of_their_row(tmp_path: Path) -> None:
    place = tmp_path / "a.csv"
    place.write_bytes("订单号,备注说明文字很多很多\n1,\0\n2,好的\n".encode())
    assert [row.problem for row in open_table(place).rows()] == ["UNREADABLE_BYTES", ""]


def test_a_huge_field_is_a_mistake_of_its_row(tmp_path: Path) -> None:
    place = tmp_path / "a.csv"
    place.write_text(f"订单号,备注\n1,{'x' * 300_000}\n2,y\n", "utf-8")
    assert [row.problem for row in open_table(place).rows()] == ["TOO_LONG", ""]


def test_a_workbook_shows_numbers_that_lost_digits(tmp_path: Path) -> None:
    place = files.as_xlsx(tmp_path / "a.xlsx", ["订单号"], [[12], [1.5], [5118609024991031607]])
    read = [row.cells[0] for row in open_table(place).rows()]
    assert read[:2] == ["12", "1.5"]
    assert "E+" in read[2]


@pytest.mark.parametrize("content", [b"", b"\0\0\0\0" * 50, b"PK\x03\x04 broken", b"\x1f\x8b"])
def test_what_is_no_table_is_refused(tmp_path: Path, content: bytes) -> None:
    place = tmp_path / "a.csv"
    place.write_bytes(content)
    with pytest.raises(NotATable):
        list(open_table(place).rows())


GOOD = (",".join(files.TAOBAO_SUB) + "\n" + ",".join(files.sub_order("88001")) + "\n").encode(
    "gb18030"
)


@settings(max_examples=150, deadline=None)
@given(
    where=st.integers(0, len(GOOD)),
    what=st.binary(max_size=40),
    cut=st.integers(0, 60),
)
def test_damaged_files_never_crash(
    tmp_path_factory: pytest.TempPathFactory, where: int, what: bytes, cut: int
) -> None:
    place = tmp_path_factory.mktemp("damaged") / "a.csv"
    place.write_bytes(GOOD[:where] + what + GOOD[where + cut :])
    _read_all(place)


@settings(max_examples=150, deadline=None)
@given(content=st.binary(max_size=400))
def test_random_bytes_never_crash(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    place = tmp_path_factory.mktemp("random") / "a.csv"
    place.write_bytes(content)
    _read_all(place)


@settings(max_examples=200, deadline=None)
@given(cells=st.lists(st.text(max_size=30), min_size=18, max_size=18))
def test_random_cells_never_crash(
    tmp_path_factory: pytest.TempPathFactory, cells: list[str]
) -> None:
    place = tmp_path_factory.mktemp("cells") / "a.csv"
    files.as_csv(place, files.TAOBAO_SUB, [cells], encoding="utf-8")
    _read_all(place)


def _read_all(place: Path) -> None:
    try:
        table = open_table(place)
        form = recognise(table.headers)
        if isinstance(form, Format):
            list(read_orders(table, form))
    except NotATable:
        pass
