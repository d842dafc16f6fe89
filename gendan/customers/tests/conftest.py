from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conftest import TESTER
from gendan.customers.actions import Acquaintance, find_or_make
from gendan.customers.models import Customer


def statements(act: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as seen:
        act()
    return len(seen)


def meet(number: int) -> list[int]:
    people = [Acquaintance(f"林{n}", f"139{n:08}") for n in range(number)]
    return [pk for pk in find_or_make(people, by=TESTER) if pk]


@pytest.fixture
def lin(db: None) -> Customer:
    pk = find_or_make([Acquaintance("林一诺", "13900000001", "lin@example.com")], by=TESTER)[0]
    return Customer.objects.get(pk=pk or 0)
