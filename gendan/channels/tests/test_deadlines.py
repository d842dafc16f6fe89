"""What a platform's file says of the latest time to ship becomes the order's promise."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from gendan.channels.actions import import_files
from gendan.channels.tests import files
from gendan.journal.actors import Job
from gendan.orders.models import Deadline, Order

HEADER = [*files.TAOBAO_SUB, "应发货时间"]
UNPAID = {"订单状态": "等待买家付款", "订单付款时间": "", "买家实付金额": "0"}
LATEST = datetime(2026, 11, 21, 15, 59, 59, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def bring(place: Path, *rows: list[str]) -> None:
    import_files("TB1", [files.as_csv(place / "orders.csv", HEADER, rows)], by=Job("test"))


def test_the_platforms_deadline_is_the_promise(tmp_path: Path) -> None:
    silent, told = files.sub_order("88001"), files.sub_order("88002")
    bring(tmp_path, [*silent, ""], [*told, "2026-11-21 23:59:59"])

    row = Deadline.objects.get()
    assert (row.order.platform_order, row.ship_by) == ("88002", LATEST)
    assert row.order.promise_at == LATEST
    other = Order.objects.get(platform_order="88001")
    assert other.promise_at == datetime(2026, 11, 22, 2, 5, tzinfo=UTC)


def test_a_deadline_that_comes_with_the_payment_counts(tmp_path: Path) -> None:
    bring(tmp_path, [*files.sub_order("88001", **UNPAID), ""])
    assert Order.objects.get().promise_at is None

    bring(tmp_path, [*files.sub_order("88001"), "2026-11-21 23:59:59"])

    assert (Order.objects.get().promise_at, Deadline.objects.get().ship_by) == (LATEST, LATEST)
