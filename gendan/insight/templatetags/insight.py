"""What the pages of figures draw and say beyond the house's common tags."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django import template
from django.utils import dateformat, timezone
from django.utils.html import conditional_escape as escape
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from gendan.insight.tables import Table
from gendan.insight.wording import lasting, yuan_short
from gendan.ui import charts
from gendan.ui.wording import yuan

register = template.Library()
register.filter("lasting", lasting)
register.filter("yuan_short", yuan_short)

STEP, WIDTH, HEIGHT = 4, 3, 24
BAR = '<rect class="{}" x="{}" y="{}" width="{}" height="{}"><title>{}</title></rect>'
BEHIND = timedelta(minutes=10)  # the job that keeps the figures comes every minute


@register.filter
def number(value: int) -> str:
    """Write a count with its thousands apart, in both languages alike."""
    return f"{value:,}"


@register.filter
def is_behind(until: datetime) -> bool:
    """Say whether figures were counted so long ago that somebody should ask why."""
    return timezone.now() - until > BEHIND


@register.simple_tag
def figure(kind: str, value: Any) -> str:
    """Write the value of a column as its kind is written."""
    if value is None:
        return "—"
    return escape(WRITTEN.get(kind, number)(value))


@register.simple_tag
def table_rows(table: Table) -> SafeString:
    """Write the rows of a table: in a template each value would cost as much as ten here."""
    return _rows([column.kind for column in table.columns], table.rows)


@register.simple_tag
def table_sums(table: Table) -> SafeString:
    """Write the last line of a table, where it has one."""
    if not table.sums:
        return SafeString()
    kinds, (title, *sums) = [column.kind for column in table.columns[1:]], table.sums
    cells = (f'<td class="number">{figure(*one)}</td>' for one in zip(kinds, sums, strict=True))
    return SafeString(f"<tfoot><tr><th>{escape(title)}</th>{''.join(cells)}</tr></tfoot>")


def _rows(kinds: Sequence[str], rows: Sequence[Sequence[Any]]) -> SafeString:
    cells = ("".join(map(_cell, kinds, row)) for row in rows)
    return SafeString("".join(f"<tr>{row}</tr>" for row in cells))


def _cell(kind: str, value: Any) -> str:
    written = figure(kind, value)
    if kind in LEFT:
        return f"<td>{written}</td>"
    return f'<td class="number{" muted" if value == 0 else ""}">{written}</td>'


def _day(value: date) -> SafeString:
    return format_html(
        '<span class="nowrap"><a href="?on={}">{}</a> <span class="muted">{}</span></span>',
        f"{value:%Y-%m-%d}",
        f"{value:%m-%d}",
        dateformat.format(value, "D"),
    )


LEFT = ("text", "day")  # the others stand right
WRITTEN: dict[str, Callable[[Any], str]] = {
    "money": yuan,
    "time": lasting,
    "day": _day,
    "text": str,
}


@register.inclusion_tag("insight/_ages.html")
def ages(station: Any) -> dict[str, Any]:
    """Draw how many of a station's rows are fresh, slow and stuck, side by side."""
    parts = (("good", station.fresh), ("warn", station.waiting), ("bad", station.stuck))
    drawn, x = [], 0.0
    for tone, number in parts:
        width = charts.share(number, station.count)
        drawn.append({"tone": tone, "x": f"{x:g}", "width": f"{width:g}", "number": number})
        x += width
    return {"parts": drawn, "station": station}


@register.inclusion_tag("insight/_hours.html")
def hours(values: Sequence[int], label: str = "") -> dict[str, Any]:
    """Draw a day's 24 hours as small bars; hours to come are only hinted at.

    The board has two hundred of these bars: put together here, they cost it a third of the time.
    """
    most, now = max(values, default=0) or 1, len(values) - 1
    drawn = []
    for hour in range(24):
        value = values[hour] if hour < len(values) else None
        height = max(value / most * HEIGHT, 1.5) if value else 0.75
        tone = "now" if hour == now else "ahead" if value is None else ""
        told = f"{hour}:00 {'' if value is None else value}"
        drawn.append((tone, hour * STEP, f"{HEIGHT - height:.2f}", WIDTH, f"{height:.2f}", told))
    return {"bars": format_html_join("", BAR, drawn), "label": label}
