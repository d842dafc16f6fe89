"""Files read against declared columns: what is taken, what is refused, and in which words."""

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.utils import timezone
from django.utils.translation import override

from gendan.ui.importing import Import, ImportColumn, ImportRow, Outcome, cells
from gendan.ui.importing.files import template, to_mend
from gendan.ui.importing.reading import CannotRead, Reading, read
from gendan.ui.importing.running import carry_out, receive
from gendan.ui.models import Upload
from gendan.ui.tables import open_table

HEAD = ["编码", "品名", "售价（元）", "条码", "库位"]
TAKEN: list[ImportRow] = []


def take(rows: Sequence[ImportRow], *, by: Any, why: str = "") -> Outcome:
    TAKEN[:] = rows
    return Outcome(new=len(rows))


GOODS = Import(
    name="test-goods",
    title="Goods",
    columns=(
        ImportColumn("code", "Code", cells.code(20), required=True, aliases=("编码",)),
        ImportColumn("title", "Title", required=True, aliases=("品名",), examples=("茶", "包")),
        ImportColumn("price_fen", "Price", cells.money, aliases=("售价",)),
        ImportColumn("barcode", "Barcode", cells.code(20), aliases=("条码",)),
    ),
    key=("code",),
    known=lambda keys: {("OLD",)} & set(keys),
    act=take,
    permission="test",
    back="test",
)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with override("en"):
        yield


def as_csv(*rows: Sequence[str], encoding: str = "utf-8-sig") -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode(encoding)


def as_xlsx(*rows: Sequence[Any]) -> bytes:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return file.getvalue()


def reading(tmp_path: Path, content: bytes) -> Reading:
    path = tmp_path / "file"
    path.write_bytes(content)
    return read(GOODS, path, "goods.csv")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_it_reads_every_encoding_of_the_trade(tmp_path: Path, encoding: str) -> None:
    found = reading(tmp_path, as_csv(HEAD, ["A1", "明前龙井", "128", "", "3-1"], encoding=encoding))
    assert found.rows == [ImportRow(2, {"code": "A1", "title": "明前龙井", "price_fen": 12800})]
    assert not found.mistakes


def test_columns_are_known_by_label_alias_and_unit_and_others_are_left(tmp_path: Path) -> None:
    found = reading(tmp_path, as_csv(["Price (yuan)", "CODE*", "title", "?"], ["9", "A", "B", "C"]))
    keys = [column.key if column else None for column in found.columns]
    assert keys == ["price_fen", "code", "title", None]


def test_a_barcode_that_a_spreadsheet_rounded_is_refused_with_a_remedy(tmp_path: Path) -> None:
    found = reading(tmp_path, as_csv(HEAD, ["A1", "茶", "1", "6.90123E+12", ""]))
    [wrong] = found.mistakes
    assert (wrong.number, wrong.field, wrong.value) == (2, "barcode", "6.90123E+12")
    assert "Text" in wrong.remedy
    assert not found.rows


def test_a_barcode_kept_as_a_number_is_read_whole(tmp_path: Path) -> None:
    found = reading(tmp_path, as_xlsx(HEAD, ["A1", "茶", 1.5, 6901234500011, ""]))
    assert found.rows[0].values["barcode"] == "6901234500011"
    assert found.rows[0].values["price_fen"] == 150


def test_bad_rows_are_named_and_good_ones_go_on(tmp_path: Path) -> None:
    rows = (
        ["A1", "茶", "free", ""],
        ["", "包", "1", ""],
        ["A3", "", "1", ""],
        ["A4", "罐", "1", ""],
    )
    found = reading(tmp_path, as_csv(HEAD[:4], *rows))
    assert [(wrong.number, wrong.field) for wrong in found.mistakes] == [
        (2, "price_fen"),
        (3, "code"),
        (4, "title"),
    ]
    assert [row.values["code"] for row in found.rows] == ["A4"]


def test_a_row_that_is_there_need_not_bring_everything(tmp_path: Path) -> None:
    found = reading(tmp_path, as_csv(HEAD[:3], ["OLD", "", "88"]))
    assert found.rows == [ImportRow(2, {"code": "OLD", "price_fen": 8800})]


def test_a_key_that_stands_twice_counts_once(tmp_path: Path) -> None:
    found = reading(tmp_path, as_csv(HEAD[:2], ["A1", "茶"], ["A1", "包"]))
    assert len(found.rows) == 1
    assert "row 2" in found.mistakes[0].sentence


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02" * 50, as_csv(["x", "y"], ["1", "2"])])
def test_what_is_no_table_of_ours_is_refused_whole(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(CannotRead):
        reading(tmp_path, content)


def test_the_template_can_be_fed_back(tmp_path: Path) -> None:
    path = tmp_path / "template.xlsx"
    path.write_bytes(template(GOODS))
    assert open_table(path).headers == ("Code*", "Title*", "Price", "Barcode")


class Somebody:
    pk = 7


@pytest.mark.django_db
def test_it_is_tried_then_done_once_and_the_bad_rows_come_back(tmp_path: Path) -> None:
    now = timezone.now()
    content = as_csv(HEAD[:3], ["A1", "茶", "1"], ["A2", "包", "free"])
    upload = receive(GOODS, "goods.csv", content, by=Somebody(), now=now)
    assert (upload.told["new"], len(upload.told["bad"])) == (1, 1)
    assert upload.done_at is None
    done = carry_out(GOODS, upload, by=Somebody(), now=now, why="")
    TAKEN.clear()
    carry_out(GOODS, done, by=Somebody(), now=now, why="")
    assert not TAKEN
    assert Upload.objects.get().content == b""
    path = tmp_path / "mend.xlsx"
    path.write_bytes(to_mend(done))
    table = open_table(path)
    assert [row.cells[:3] for row in table.rows()] == [["A2", "包", "free"]]
    mended = read(GOODS, path, "mend.xlsx")
    assert mended.mistakes[0].field == "price_fen"
