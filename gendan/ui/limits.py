"""How often a stranger may try: sliding windows kept in PostgreSQL, so they hold in every process.

A window slides by counting the running period whole and the period before it in part. The one
table is unlogged: losing it in a crash forgives everybody, which does no harm.
"""

import hashlib
import hmac
import time
from collections.abc import Callable
from functools import wraps
from math import ceil
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import ngettext

View = Callable[..., HttpResponseBase]
Key = Callable[[HttpRequest], str]

COUNT_A_HIT = """
INSERT INTO ui_hits AS seen (name, key, period, hits, earlier)
VALUES (%(name)s, %(key)s, %(period)s, 1, 0)
ON CONFLICT (name, key) DO UPDATE SET
    period = excluded.period,
    hits = CASE seen.period WHEN excluded.period THEN seen.hits + 1 ELSE 1 END,
    earlier = CASE seen.period
        WHEN excluded.period THEN seen.earlier
        WHEN excluded.period - 1 THEN seen.hits
        ELSE 0 END,
    last_at = now()
RETURNING hits, earlier
"""


def client_ip(request: HttpRequest) -> str:
    """Return where a request comes from; the server has read the headers of trusted proxies."""
    return str(request.META.get("REMOTE_ADDR", ""))


def limited(name: str, limit: int, *, per: int, key: Key = client_ip) -> Callable[[View], View]:
    """Answer 429 when the same key comes more than `limit` times in `per` seconds."""

    def decorate(view: View) -> View:
        @wraps(view)
        def counted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            wait = hit(name, key(request), limit=limit, per=per)
            return too_often(request, wait) if wait else view(request, *args, **kwargs)

        return counted

    return decorate


def hit(name: str, key: str, *, limit: int, per: int, now: float | None = None) -> int:
    """Count one try; return 0, or the seconds to wait when it was one too many."""
    period, elapsed = divmod(time.time() if now is None else now, per)
    with connection.cursor() as cursor:
        values: dict[str, str | bytes | int]
        values = {"name": name, "key": _sealed(name, key), "period": int(period)}
        cursor.execute(COUNT_A_HIT, values)
        hits, earlier = cursor.fetchone()
    fraction_left = 1 - elapsed / per
    return ceil(per - elapsed) if hits + earlier * fraction_left > limit else 0


def forget(*, days: int = 2) -> int:
    """Delete what nobody hit for days; return how many rows that were."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM ui_hits WHERE last_at < now() - make_interval(days => %s)", [days]
        )
        return int(cursor.rowcount)


def too_often(request: HttpRequest, wait: int) -> HttpResponse:
    """Return the page that asks for patience, with the seconds to wait."""
    sentence = ngettext(
        "Too many tries. Please wait %(count)d second and try again.",
        "Too many tries. Please wait %(count)d seconds and try again.",
        wait,
    ) % {"count": wait}
    page = render(request, "ui/too_often.html", {"sentence": sentence}, status=429)
    page["Retry-After"] = str(wait)
    return page


def _sealed(name: str, key: str) -> bytes:
    """Return a keyed digest: addresses and phone numbers do not belong into this table."""
    secret = settings.SECRET_KEY.encode()
    return hmac.new(secret, f"{name}\0{key}".encode(), hashlib.sha256).digest()[:16]
