"""Days and instants as people write them: `2026-11-01 08:00`, `今天`, `-3d`, `3天前`, `本月`."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from gendan.ui.finding.errors import Unreadable

UNITS = {
    **dict.fromkeys(("m", "min", "分", "分钟"), timedelta(minutes=1)),
    **dict.fromkeys(("h", "时", "小时"), timedelta(hours=1)),
    **dict.fromkeys(("d", "天", "日"), timedelta(days=1)),
    **dict.fromkeys(("w", "周", "星期"), timedelta(weeks=1)),
}
DAYS = {
    **dict.fromkeys(("today", "今天"), 0),
    **dict.fromkeys(("yesterday", "昨天"), -1),
    **dict.fromkeys(("tomorrow", "明天"), 1),
}
WEEKS = {"本周": 0, "this-week": 0, "上周": -1, "last-week": -1}
MONTHS = {"本月": 0, "this-month": 0, "上月": -1, "last-month": -1}
FIRST_YEAR, LAST_YEAR = 1900, 2199

_CLOCK = r"(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?"
_DATE = re.compile(rf"(\d{{4}})[-/.年](\d{{1,2}})(?:[-/.月](\d{{1,2}})日?{_CLOCK}|月)?")
_NAMED = re.compile(rf"({'|'.join(DAYS)}){_CLOCK}", re.I)
_BACK = re.compile(r"([-+])(\d{1,6})\s*([a-z]+)|(\d{1,6})\s*([^\d\s]+?)(前|后)", re.I)


@dataclass(frozen=True)
class Span:
    """From `start` until before `end`; `exact` when a single instant was meant, as in `now`."""

    start: datetime
    end: datetime
    exact: datetime | None = None


def span(text: str, now: datetime) -> Span:
    """Return the stretch of time that the text means, seen from `now`, in the local time zone.

    :raises Unreadable: if it means none
    """
    local = timezone.localtime(now)
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    try:
        found = _named(plain, local) or _relative(plain, local) or _dated(plain, local)
    except (ValueError, OverflowError):
        found = None
    if not found or not FIRST_YEAR <= found.start.year <= LAST_YEAR:
        raise Unreadable(
            _("“%(text)s” is not a date or time.") % {"text": text},
            _("Write 2026-11-01, 2026-11-01 08:00, today, yesterday, now, -3d or -2h."),
        )
    return found


def _named(text: str, now: datetime) -> Span | None:
    today = _midnight(now)
    if text in ("now", "现在"):
        return Span(now, now + timedelta(seconds=1), now)
    if text in WEEKS:
        monday = today + timedelta(days=WEEKS[text] * 7 - today.weekday())
        return Span(monday, monday + timedelta(days=7))
    if text in MONTHS:
        first = _month(now.year, now.month + MONTHS[text], now)
        return Span(first, _month(first.year, first.month + 1, now))
    if match := _NAMED.fullmatch(text):
        return _at_clock(today + timedelta(days=DAYS[match[1].lower()]), match.groups()[1:])
    return None


def _relative(text: str, now: datetime) -> Span | None:
    match = _BACK.fullmatch(text)
    unit = UNITS.get((match[3] or match[5]).lower()) if match else None
    if not match or not unit:
        return None
    way = 1 if match[1] == "+" or match[6] == "后" else -1
    then = now + way * int(match[2] or match[4]) * unit
    if unit >= timedelta(days=1):
        return Span(_midnight(then), _midnight(then) + timedelta(days=1), then)
    return Span(then, then + unit, then)


def _dated(text: str, now: datetime) -> Span | None:
    match = _DATE.fullmatch(text)
    if not match:
        return None
    year, month, day = int(match[1]), int(match[2]), match[3]
    if not day:
        first = _midnight(now).replace(year=year, month=month, day=1)
        return Span(first, _month(year, month + 1, now))
    return _at_clock(
        _midnight(now).replace(year=year, month=month, day=int(day)), match.groups()[3:]
    )


def _at_clock(day: datetime, clock: tuple[str | None, ...]) -> Span:
    hour, minute, second = clock
    if hour is None:
        return Span(day, day + timedelta(days=1))
    start = day.replace(hour=int(hour), minute=int(minute or 0), second=int(second or 0))
    return Span(start, start + timedelta(seconds=1 if second else 60))


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def _month(year: int, month: int, now: datetime) -> datetime:
    years, index = divmod(month - 1, 12)
    return _midnight(now).replace(year=year + years, month=index + 1, day=1)
