"""The end of a large file is read by another process: what comes in is the same."""

from pathlib import Path
from subprocess import Popen

import pytest

from gendan.channels.actions import import_files
from gendan.channels.formats.taobao import DETAIL_LIST, ORDER_LIST, SUB_ORDER_LIST
from gendan.channels.intake import ahead, chunks
from gendan.channels.intake.ahead import reading_ahead, where_to_cut
from gendan.channels.intake.chunks import Chunk
from gendan.channels.reading.orders import read_orders
from gendan.channels.tests import files
from gendan.journal.actors import Job
from gendan.orders.models import Line, Order
from gendan.ui.tables.table import open_table

ODD_CODE = "A\tB\\N"


@pytest.fixture
def details(tmp_path: Path) -> Path:
    rows = [files.taobao_detail(f"33{n:03}", ODD_CODE) for n in range(50)]
    return files.as_csv(tmp_path / "details.csv", files.TAOBAO_DETAILS, rows)


def read_here(details: Path, after: int = 0) -> list[Chunk]:
    return list(chunks.chunks(read_orders(open_table(details), DETAIL_LIST, after=after), 7))


def test_it_tells_what_is_read_here(details: Path) -> None:
    with reading_ahead(details, DETAIL_LIST, 7, 20) as aside:
        told = list(aside.chunks(list))
    assert told == read_here(details, 20)
    assert sum(len(chunk.raw) for chunk in told) == 31


def test_the_rest_is_read_here_if_it_dies(details: Path) -> None:
    with reading_ahead(details, DETAIL_LIST, 7, 0) as aside:
        aside.process.kill()
        assert list(aside.chunks(lambda: read_here(details))) == read_here(details)


def test_it_ends_with_the_import(details: Path) -> None:
    with reading_ahead(details, DETAIL_LIST, 7, 0) as aside:
        process: Popen[bytes] = aside.process
    assert process.returncode is not None


def test_a_file_is_not_cut_where_an_order_has_several_rows() -> None:
    assert where_to_cut(ORDER_LIST, 10_500, alone=True) == 6_500
    assert where_to_cut(DETAIL_LIST, 10_500, alone=False) == 4_500
    assert where_to_cut(SUB_ORDER_LIST, 10_500, alone=True) is None
    assert where_to_cut(SUB_ORDER_LIST, 10_500, alone=False) == 0


def test_what_is_staged_already_is_left_out(details: Path) -> None:
    (chunk,) = read_here(details)
    assert chunk.after(0) == chunk
    assert len(chunk.after(20).raw) == len(chunk.after(20).lines) == 31


@pytest.mark.django_db
def test_both_files_come_in(halves: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "WORTH_IT", 0)
    report = import_files("TB1", list(halves), by=Job("test"))
    assert (report["new"], report["waiting"]) == (2, 0)
    assert (Order.objects.count(), Line.objects.count()) == (2, 2)
