"""Pages stay put while rows come and go; the sheet costs the same whatever it shows."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.db.models.expressions import RawSQL
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from gendan.ui.listing import counting
from gendan.ui.listing.counting import count_soon, count_up_to, counts_up_to
from gendan.ui.listing.paging import page_of
from gendan.ui.models import ColumnChoice
from gendan.ui.tests.listing.parcels import LISTING, Parcel, Person


def walk(sort: str, size: int = 7) -> list[Any]:
    """Walk forward to the end and back again; both ways must meet the same rows."""
    order, rows = LISTING.order(sort), Parcel.objects.all()
    page = page_of(rows, order, "", size)
    pages = [page]
    while page.behind:
        page = page_of(rows, order, page.behind, size)
        pages.append(page)
    seen = [row.pk for one in pages for row in one.rows]
    back = [row.pk for row in page.rows]
    while page.before:
        page = page_of(rows, order, page.before, size)
        back = [row.pk for row in page.rows] + back
    assert back == seen
    return seen


@pytest.mark.parametrize(
    "sort", ["shop", "-shop", "paid_at", "-paid_at", "placed_at", "-total_fen"]
)
def test_every_row_is_met_once_in_order(
    parcels: Callable[..., list[Parcel]], now: datetime, sort: str
) -> None:
    parcels(
        *(
            {
                "shop": "TM" if i % 3 else "JD",
                "total_fen": i % 5,
                "paid_at": now + timedelta(hours=i % 4) if i % 2 else None,
            }
            for i in range(50)
        )
    )
    met = walk(sort)
    ordered = [row.pk for row in LISTING.order(sort).apply(Parcel.objects.all())]
    assert met == ordered
    assert len(set(met)) == 50


def test_empty_values_come_last_both_ways(
    parcels: Callable[..., list[Parcel]], now: datetime
) -> None:
    empty, paid = parcels({}, {"paid_at": now})
    assert walk("paid_at") == walk("-paid_at") == [paid.pk, empty.pk]


def test_new_rows_with_equal_keys_move_nothing(parcels: Callable[..., list[Parcel]]) -> None:
    made = parcels(*({} for _ in range(20)))
    order = LISTING.order("-placed_at")
    first = page_of(Parcel.objects.all(), order, "", 5)
    parcels({}, {}, {})
    second = page_of(Parcel.objects.all(), order, first.behind, 5)
    assert [row.pk for row in second.rows] == [row.pk for row in reversed(made)][5:10]


def test_a_forged_or_foreign_cursor_shows_the_first_page(
    parcels: Callable[..., list[Parcel]],
) -> None:
    parcels({}, {}, {})
    rows, order = Parcel.objects.all(), LISTING.order("-placed_at")
    foreign = page_of(rows, LISTING.order("shop"), "", 1).behind
    first = page_of(rows, order, "", 1).rows
    for cursor in ("nonsense", foreign, foreign[:-1] + "x"):
        assert page_of(rows, order, cursor, 1).rows == first


def test_counting_stops(parcels: Callable[..., list[Parcel]]) -> None:
    parcels(*({} for _ in range(12)))
    assert count_up_to(Parcel.objects.all(), most=10) == 11


def test_the_tabs_are_counted_in_one_query(
    parcels: Callable[..., list[Parcel]],
    django_assert_num_queries: DjangoAssertNumQueries,
    clerk: Person,
) -> None:
    parcels({}, {"urgent": True}, {"total_fen": 20000, "urgent": True})
    with django_assert_num_queries(1):
        counts = LISTING.tab_counts(clerk, timezone.now())
    assert counts == {"all": 3, "urgent": 2, "large": 1}


def test_no_set_is_counted_further_than_asked(parcels: Callable[..., list[Parcel]]) -> None:
    parcels(*({} for _ in range(12)))
    rows = Parcel.objects.all()
    sets = {"all": rows, "none": rows.none(), "urgent": rows.filter(urgent=True)}
    assert counts_up_to(sets, most=10) == {"all": 11, "none": 0, "urgent": 0}


def test_a_count_that_takes_long_is_given_up_and_not_tried_again_at_once(
    parcels: Callable[..., list[Parcel]],
    monkeypatch: pytest.MonkeyPatch,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    cache.clear()
    parcels({}, {})
    slow = Parcel.objects.alias(slow=RawSQL("SELECT pg_sleep(2)::text", [])).filter(slow="")
    with transaction.atomic():
        with monkeypatch.context() as outside:  # as a page is: not in a transaction
            outside.setattr(connection, "in_atomic_block", False)
            assert count_soon(Parcel.objects.all()) == 2
            assert count_soon(slow) is None
            with django_assert_num_queries(0):
                assert count_soon(slow) is None
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_a_count_that_ends_as_its_time_does_cancels_nothing_behind_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """PostgreSQL told the next statement, once in two times, if the two fell together."""
    monkeypatch.setattr(counting, "SOON", counting.SOON.replace("15ms", "2ms"))
    ColumnChoice.objects.create(owner_id=1, listing="parcels", columns=["number"])
    steps = 8000.0
    for _ in range(200):
        ends = RawSQL("SELECT count(*) FROM generate_series(1, %s)", [int(steps)])
        in_time = count_soon(ColumnChoice.objects.alias(ends=ends).filter(ends__gt=0))
        steps *= 0.98 if in_time is None else 1.02
        assert ColumnChoice.objects.exists()


@pytest.mark.parametrize("number", [1, 49, 120])
def test_a_page_costs_the_same_however_long_the_list(
    parcels: Callable[..., list[Parcel]],
    django_assert_max_num_queries: DjangoAssertNumQueries,
    ask: Callable[..., Any],
    clerk: Person,
    number: int,
) -> None:
    parcels(*({} for _ in range(number)))
    with django_assert_max_num_queries(5):
        ask(clerk, "?q=N")
