"""The report of a day, its month, and its workbook."""

from datetime import datetime
from io import BytesIO

import pytest
from django.utils import timezone
from python_calamine import CalamineWorkbook

from gendan.insight import days
from gendan.insight.queries.day import day_report
from gendan.insight.tests.conftest import browse
from gendan.orders.actions import cancel
from gendan.orders.models import Order
from gendan.orders.stages import Stage
from gendan.people.models import Person


def test_a_day_begins_at_midnight_in_shanghai() -> None:
    on = datetime.fromisoformat("2026-11-21T12:00:00+00:00").date()
    span = days.day(on)
    assert span.since.isoformat() == "2026-11-21T00:00:00+08:00"
    assert span.until.isoformat() == "2026-11-22T00:00:00+08:00"
    assert days.month(on).until.isoformat() == "2026-12-01T00:00:00+08:00"


@pytest.mark.usefixtures("busy")
def test_it_tells_what_came_moved_and_left(zhao: Person) -> None:
    cancel(Order.objects.filter(stage=Stage.HELD), by=zhao, now=timezone.now(), why="test")
    told = {str(table.title): table for table in day_report(zhao, timezone.localdate()).tables}
    moves = {row[0]: row[1] for row in told["流转"].rows}
    assert moves["已取消"] == 4
    stood = next(row for row in told["各环节用时"].rows if row[0] == "滞留")
    assert stood[1] == 4
    assert stood[2].total_seconds() > 100 * 3600 / 4
    assert told["已发货"].rows[0][:3] == ["顺丰", "杭州仓", 2]
    assert told["人员"].rows[0][0] == zhao.name


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize("address", ["", "?view=month", "?on=2020-01-01", "?on=nonsense"])
def test_its_pages_open(zhao: Person, address: str) -> None:
    assert browse(zhao).get(f"/reports/day/{address}").status_code == 200


@pytest.mark.usefixtures("busy")
def test_the_workbook_says_what_the_page_says(zhao: Person) -> None:
    answer = browse(zhao).get("/reports/day/?format=xlsx")
    book = CalamineWorkbook.from_filelike(BytesIO(answer.getvalue()))
    sheet = book.get_sheet_by_name(book.sheet_names[0]).to_python()
    table = day_report(zhao, timezone.localdate()).tables[0]
    assert len(book.sheet_names) == 9
    assert sheet[2][0] == table.rows[0][0]
    assert sheet[2][2] == table.rows[0][2] / 100


def test_only_those_who_see_money_open_it(wang: Person) -> None:
    assert browse(wang).get("/reports/day/").status_code == 403
