"""How money, time and personal data are written, on pages and on paper alike."""

import re
from collections.abc import Mapping
from datetime import datetime
from operator import mod
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

NOTHING = "—"
DAY = 86_400
HOUR = 3_600

_DISTRICT = re.compile(
    r"(?:.{2,12}?(?:省|自治区|特别行政区))?"
    r"(?:[^路街道号镇村弄]{2,8}?(?:市|自治州|盟|地区))?"
    r"(?:[^路街道号镇村弄]{1,8}?(?:区|县|旗|市))?"
)


def counted(text: Promise | str, facts: Mapping[str, Any]) -> str:
    """Fill facts into a text; one of `ngettext_lazy` takes the form for the number among them."""
    return str(mod(text, facts))


def yuan(fen: int | None) -> str:
    """Return fen as `¥1,234.50`, a dash for nothing."""
    return NOTHING if fen is None else _signed(fen, "¥")


def fen_number(fen: int | None) -> str:
    """Return fen as a number of yuan without sign and separators, fit for an input."""
    return "" if fen is None else _signed(fen, "").replace(",", "")


def _signed(fen: int, currency: str) -> str:
    sign = "-" if fen < 0 else ""
    whole, cents = divmod(abs(fen), 100)
    return f"{sign}{currency}{whole:,}.{cents:02d}"


def ago(moment: datetime, *, now: datetime | None = None) -> str:
    """Return how long ago a moment was, in the largest unit that fits; a week back it is a date."""
    seconds = int(((now or timezone.now()) - moment).total_seconds())
    if abs(seconds) < 60:
        return _("just now")
    if not 0 < seconds < 7 * DAY:
        return short_moment(moment)
    if seconds < HOUR:
        count = seconds // 60
        return ngettext("%(count)d min ago", "%(count)d min ago", count) % {"count": count}
    if seconds < DAY:
        count = seconds // HOUR
        return ngettext("%(count)d h ago", "%(count)d h ago", count) % {"count": count}
    count = seconds // DAY
    return ngettext("%(count)d day ago", "%(count)d days ago", count) % {"count": count}


def short_moment(moment: datetime) -> str:
    """Return a moment in local time, without the year when it is this one."""
    exact = full_moment(moment)
    this_year = exact.startswith(f"{timezone.localtime().year}-")
    return exact[len("2026-") : -len(":00")] if this_year else exact[: -len(":00")]


def full_moment(moment: datetime) -> str:
    """Return a moment in local time to the second."""
    return timezone.localtime(moment).isoformat(" ", "seconds")[: len("2026-11-22 09:00:00")]


def time_left(seconds: int) -> str:
    """Return seconds until a due moment as `01:02:03` or `2 d 01:02`, named late when negative."""
    days, rest = divmod(abs(seconds), DAY)
    hours, rest = divmod(rest, HOUR)
    minutes, rest = divmod(rest, 60)
    if days:
        unit = pgettext("days left on a clock", "d")
        text = f"{days}{unit} {hours:02d}:{minutes:02d}"
    else:
        text = f"{hours:02d}:{minutes:02d}:{rest:02d}"
    return f"{_('Late')} {text}" if seconds < 0 else text


def masked_phone(phone: str | None) -> str:
    """Return a phone with its middle hidden: `138****5678`."""
    digits = re.sub(r"[^\d]", "", phone or "")
    if len(digits) > 11 and digits.startswith("86"):
        digits = digits[2:]
    if len(digits) < 7:
        return NOTHING if not digits else "****"
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 10 else f"****{digits[-4:]}"


def masked_name(name: str | None) -> str:
    """Return the first character of a name and a star, whatever its length: `张*`."""
    stripped = (name or "").strip()
    return f"{stripped[0]}*" if stripped else NOTHING


def masked_address(address: str | None) -> str:
    """Return an address down to its district; street and house are hidden."""
    stripped = (address or "").strip()
    if not stripped:
        return NOTHING
    known = _DISTRICT.match(stripped)
    return f"{(known and known[0]) or stripped[:4]}****"


def in_own_words(name: str, name_en: str) -> str:
    """Return a name as the reader understands it; the Chinese one where there is no English one."""
    english = not (get_language() or "").startswith("zh")
    return name_en if english and name_en else name
