"""How long things take, in the largest unit that says something."""

from datetime import timedelta

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gendan.ui.wording import NOTHING

MINUTE, HOUR, DAY = 60, 3_600, 86_400


def lasting(time: timedelta | None) -> str:
    """Return a duration as `45 s`, `12 min`, `3.5 h` or `2.1 d`; a dash for none."""
    if time is None:
        return NOTHING
    seconds = max(int(time.total_seconds()), 0)
    if seconds < MINUTE:
        return _("%(n)s s") % {"n": seconds}
    if seconds < HOUR:
        return _("%(n)s min") % {"n": seconds // MINUTE}
    if seconds < 2 * DAY:
        return _("%(n)s h") % {"n": _short(seconds / HOUR)}
    return _("%(n)s d") % {"n": _short(seconds / DAY)}


def _short(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0") if number < 10 else f"{number:.0f}"


def yuan_short(fen: int) -> str:
    """Return an amount for a large figure: whole yuan, from 100,000 on in 万 (k, M)."""
    yuan = fen / 100
    if abs(yuan) < 100_000:
        return f"¥{yuan:,.0f}"
    if (get_language() or "").startswith("zh"):
        return f"¥{yuan / 10_000:,.{1 if abs(yuan) < 10_000_000 else 0}f}万"
    if abs(yuan) < 10_000_000:
        return f"¥{yuan / 1_000:,.0f}k"
    return f"¥{yuan / 1_000_000:,.1f}M"
