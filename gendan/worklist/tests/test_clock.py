from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gendan.worklist.clock import Calendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = ((time(9), time(12)), (time(13, 30), time(18)))
WEEK = Calendar(
    week=dict.fromkeys(range(5), DAY),
    special={date(2026, 10, 1): None, date(2026, 10, 10): 0},
)


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        (at(20, 9), 60, at(20, 10)),  # within the morning
        (at(20, 11, 30), 60, at(20, 14)),  # over the midday break
        (at(20, 17, 30), 60, at(23, 9, 30)),  # over the weekend
        (at(21, 10), 15, at(23, 9, 15)),  # a Saturday
        (at(20, 3), 15, at(20, 9, 15)),  # before opening
        (at(30, 17, 30, month=9), 60, at(2, 9, 30, month=10)),  # over a holiday
        (at(9, 17, 30, month=10), 60, at(10, 9, 30, month=10)),  # into a working Saturday
    ],
)
def test_only_business_minutes_count(start: datetime, minutes: int, end: datetime) -> None:
    assert WEEK.after(start, minutes) == end


def test_without_hours_every_minute_counts() -> None:
    start = datetime(2026, 11, 21, 23, 50, tzinfo=UTC)
    assert (Calendar({}, {}).after(start, 15) - start).seconds == 15 * 60


@given(
    st.integers(0, 365 * 24 * 60),
    st.integers(1, 3000),
    st.integers(1, 3000),
)
def test_more_minutes_are_never_due_earlier(minute: int, some: int, more: int) -> None:
    local = datetime(2026, 1, 1, tzinfo=SHANGHAI) + timedelta(minutes=minute)
    assert local < WEEK.after(local, some) <= WEEK.after(local, some + more)
