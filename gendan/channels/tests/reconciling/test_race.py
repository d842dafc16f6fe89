"""Real processes that reconcile the same day at the same moment."""

from datetime import date, datetime

import pytest

from conftest import TESTER
from gendan.channels.models import Difference, Reckoning
from gendan.channels.reconciling.actions import compare_house, settle
from gendan.channels.tests.publishing.test_race import WORKERS, at_once
from gendan.channels.tests.reconciling.conftest import ParcelMaker
from gendan.ui.errors import Refused
from gendan.worklist.models import Item, Kind

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_a_day_that_several_reconcile_has_each_difference_once(
    make_parcels: ParcelMaker, today: date, now: datetime
) -> None:
    made = make_parcels(20, hours_ago=0)
    number = made.count() * 2  # on no list, and their platform knows nothing
    at_once(lambda _worker: compare_house(today, by=TESTER, now=now))
    assert Difference.objects.filter(state="OPEN").count() == number
    assert Item.objects.open().filter(kind=Kind.RECONCILE).count() == number
    assert Reckoning.objects.count() == 1


def test_one_of_several_settles_a_difference(
    make_parcels: ParcelMaker, today: date, now: datetime
) -> None:
    make_parcels(1, hours_ago=0)
    compare_house(today, by=TESTER, now=now)

    def settle_all(worker: int) -> None:
        try:
            settle(Difference.objects.all(), by=TESTER, now=now, why=f"{worker}")
        except Refused:
            return

    at_once(settle_all)
    assert WORKERS > 1
    assert set(Difference.objects.values_list("state", flat=True)) == {"SETTLED"}
    assert len(set(Difference.objects.values_list("why", flat=True))) == 1
