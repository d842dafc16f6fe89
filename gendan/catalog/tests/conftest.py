from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from gendan.ui.importing import ImportRow


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with override("en"):
        yield


def statements(act: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as seen:
        act()
    return len(seen)


def rows(*values: dict[str, Any]) -> Sequence[ImportRow]:
    return [ImportRow(number, dict(row)) for number, row in enumerate(values, 2)]
