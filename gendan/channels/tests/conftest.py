"""Files of a shop, and a way to take them in."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gendan.channels.actions import import_files
from gendan.channels.tests import files
from gendan.journal.actors import Job

Taker = Callable[..., dict[str, Any]]


@pytest.fixture
def take(db: None, tmp_path: Path) -> Taker:
    """Return a way to take in rows of a sub-order list, or files, for the shop TB1."""

    def take_in(*rows: list[str] | Path, shop: str = "TB1") -> dict[str, Any]:
        paths = [each for each in rows if isinstance(each, Path)]
        lines = [each for each in rows if not isinstance(each, Path)]
        if lines:
            place = tmp_path / f"ExportOrder{len(list(tmp_path.iterdir()))}.csv"
            paths.append(files.as_csv(place, files.TAOBAO_SUB, lines, encoding="gb18030"))
        return import_files(shop, paths, by=Job("test"))

    return take_in


@pytest.fixture
def halves(tmp_path: Path) -> tuple[Path, Path]:
    """An order list and the detail list that belongs to it."""
    orders = files.as_csv(
        tmp_path / "ExportOrderList.csv",
        files.TAOBAO_ORDERS,
        [files.taobao_order("33001"), files.taobao_order("33002", "等待买家付款")],
        encoding="gb18030",
        trailing=True,
    )
    details = files.as_csv(
        tmp_path / "ExportOrderDetailList.csv",
        files.TAOBAO_DETAILS,
        [files.taobao_detail("33001"), files.taobao_detail("33002", "CUP-9")],
        encoding="gb18030",
        trailing=True,
    )
    return orders, details
