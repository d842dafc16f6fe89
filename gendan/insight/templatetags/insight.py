"""What the pages of figures draw and say beyond the house's common tags."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html_join

from gendan.insight.wording import lasting, yuan_short
from gendan.ui import charts

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
