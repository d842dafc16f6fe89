"""Kept days say what counting them would say, whatever changes late, races or dies."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from conftest import TESTER, OrderMaker
from gendan.insight import keeping, verify
from gendan.insight.keeping import count_next, mark_changed
from gendan.insight.models import Bookmark, Day
from gendan.insight.queries.board import board
from gendan.insight.queries.day import day_report, month_report
from gendan.insight.queries.parts import PARTS, SOLD
from gendan.insight.tests.conftest import browse
from gendan.journal.writing import entry
from gendan.orders.actions import cancel
from gendan.orders.models import Line, Order
from gendan.orders.stages import Stage
from gendan.people.models import Person, Shop
from gendan.screening.models import Hold
from gendan.warehouse.models import Shipment
from gendan.worklist.models import Item

AGO = timedelta(hours=100)


@pytest.fixture(autouse=True)
def _all_days(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify, "SAMPLE", 1000)


def keep() -> None:
    """Do what the job does, without its patience with days that change all the time."""
    Day.objects.update(took=timedelta())
    mark_changed()
    while count_next():
        pass


def told(person: Person) -> list[Any]:
    """Return all that the reports of the last days and of the month say."""
    today = timezone.localdate()
    days = [day_report(person, today - timedelta(days=number)) for number in range(6)]
    return [(report.headlines, report.tables) for report in (*days, month_report(person, today))]


def unkept() -> None:
    """Forget what was kept, so that all is counted anew."""
    Day.objects.all().delete()
    Bookmark.objects.all().delete()


@pytest.mark.usefixtures("busy")
def test_kept_days_say_what_counting_says(zhao: Person, store: Shop, stranger: Person) -> None:
    somebody = (zhao, Person(shop_ids=[store.pk], roles=zhao.roles), stranger)
    counted = [told(person) for person in somebody]
    keep()
    assert Day.objects.filter(is_stale=False).count() >= 5
    assert [told(person) for person in somebody] == counted
    assert list(verify.differences()) == []


@pytest.mark.usefixtures("busy")
def test_the_board_adds_kept_days_and_hours_to_what_is_new(
    zhao: Person, make_orders: OrderMaker
) -> None:
    keep()
    make_orders(3, stage=Stage.READY, placed_at=timezone.now())
    now = timezone.now()
    seen = board(zhao, now=now)
    unkept()
    anew = board(zhao, now=now)
    assert (seen.flows, seen.sales.today) == (anew.flows, anew.sales.today)
    assert (seen.sales.month_placed, seen.sales.yesterday) == (
        anew.sales.month_placed,
        anew.sales.yesterday,
    )


def _cancelled(zhao: Person) -> None:
    orders = Order.objects.filter(stage=Stage.HELD)
    cancel(orders, by=zhao, now=timezone.now(), why="late")


def _written(change: Callable[[], Any]) -> Callable[[Person], None]:
    def act(_zhao: Person) -> None:
        with entry("test.late", by=TESTER):
            change()

    return act


LATE: dict[str, Callable[[Person], None]] = {
    "an order is cancelled": _cancelled,
    "an order is moved": _written(lambda: Order.objects.update(placed_at=F("placed_at") - AGO)),
    "less is paid": _written(lambda: Order.objects.update(paid_fen=1)),
    "a line is cancelled": _written(lambda: Line.objects.update(is_cancelled=True)),
    "a line is about less": _written(
        lambda: Line.objects.update(quantity=1, total_fen=F("price_fen") - F("discount_fen"))
    ),
    "a parcel arrived long ago": _written(
        lambda: Shipment.objects.filter(shipped_at__isnull=False).update(
            shipped_at=timezone.now() - 2 * AGO, delivered_at=timezone.now() - AGO
        )
    ),
    "a hold was cleared": _written(
        lambda: Hold.objects.update(cleared_at=timezone.now(), placed_at=timezone.now() - AGO)
    ),
    "work was done late": _written(lambda: Item.objects.update(done_at=timezone.now() - AGO)),
    "a hold is deleted": _written(lambda: Hold.objects.all().delete()),
}


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize("late", LATE)
def test_a_late_change_mends_the_days_it_touches(zhao: Person, late: str) -> None:
    keep()
    before = told(zhao)
    LATE[late](zhao)
    assert list(verify.differences()) == [], "days that are behind are known to be"
    keep()
    mended = told(zhao)
    assert mended != before
    unkept()
    assert mended == told(zhao)


@pytest.mark.usefixtures("busy")
def test_it_says_until_when_it_was_counted(zhao: Person) -> None:
    keep()
    read_at, on = Bookmark.objects.get().read_at, timezone.localdate()
    assert day_report(zhao, on).until == read_at
    Day.objects.filter(on=on).update(is_stale=True)
    assert day_report(zhao, on).until == Day.objects.get(on=on).counted_at
    assert "Counted until" in browse(zhao).get("/reports/day/").content.decode()


@pytest.mark.usefixtures("busy")
def test_a_day_that_changes_all_the_time_is_counted_now_and_then() -> None:
    keep()
    Day.objects.update(is_stale=True, took=timedelta(hours=1))
    assert not count_next()
    Day.objects.update(counted_at=timezone.now() - timedelta(hours=keeping.SHARE))
    assert count_next()


@pytest.mark.usefixtures("busy")
def test_a_job_that_dies_leaves_the_day_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    mark_changed()
    stale = Day.objects.filter(is_stale=True).count()

    def die(*_days: Any, **_span: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(type(SOLD), "counted", die)
        with pytest.raises(KeyboardInterrupt), transaction.atomic():
            count_next()
    assert Day.objects.filter(is_stale=True, counted_at=None).count() == stale
    keep()
    assert list(verify.differences()) == []


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize("part", [part.name for part in PARTS])
def test_damage_is_found(part: str, zhao: Person) -> None:
    _cancelled(zhao)
    _written(lambda: Item.objects.update(done_at=timezone.now()))(zhao)
    keep()
    on: date = Day.objects.exclude(**{part: []}).values_list("on", flat=True)[0]
    Bookmark.objects.update(xid=F("xid") + 1_000_000)  # the test's own acts are as good as read
    assert list(verify.differences()) == []
    Day.objects.filter(on=on).update(**{part: []})
    assert [(one.subject, one.number, one.what) for one in verify.differences()] == [
        ("day", f"{on}", part)
    ]


def test_a_house_without_anything_has_nothing_to_keep(zhao: Person) -> None:
    unkept()
    keep()
    assert list(verify.differences()) == []
