from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from conftest import TESTER
from gendan.screening.models import Rule
from gendan.screening.rules import BUILT_IN, install_rules

WORKERS = 5


@pytest.mark.django_db(transaction=True)
def test_workers_that_start_at_once_in_a_new_house_install_the_rules_once() -> None:
    start = Barrier(WORKERS)

    def install(_worker: int) -> None:
        start.wait()
        try:
            install_rules(by=TESTER)
        finally:
            connection.close()

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(install, range(WORKERS)))
    assert Rule.objects.count() == len(BUILT_IN)
