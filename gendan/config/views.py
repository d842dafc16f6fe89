"""What machines ask of Gendan: whether it lives, its figures; and what is said when it fails."""

import hmac
import os
import sys

from django.db import Error, connection
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseForbidden,
    HttpResponseServerError,
    JsonResponse,
)
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from gendan.config import home, metrics
from gendan.people.access import public
from gendan.ui.errors import cannot_be_kept, database_is_away
from gendan.ui.limits import client_ip

LOOPBACK = {"127.0.0.1", "::1", "::ffff:127.0.0.1"}


@require_safe
@public
def healthz(request: HttpRequest) -> JsonResponse:
    """Say whether this process answers and reaches its database."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return JsonResponse({"status": "failing", "database": "unreachable"}, status=503)
    return JsonResponse({"status": "ok", "database": "ok"})


@require_safe
@public
def figures(request: HttpRequest) -> HttpResponse:
    """Show Prometheus our figures; it comes from this machine or brings the token."""
    if not (client_ip(request) in LOOPBACK or _has_token(request)):
        return HttpResponseForbidden("Ask from this machine, or with the token of docs/running.md.")
    return HttpResponse(metrics.page(_orders_by_stage()), content_type=CONTENT_TYPE_LATEST)


def _has_token(request: HttpRequest) -> bool:
    token = os.environ.get("GENDAN_METRICS_TOKEN") or home.secret("metrics")
    return hmac.compare_digest(request.headers.get("Authorization", ""), f"Bearer {token}")


def _orders_by_stage() -> list[tuple[str, int]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT stage, count(*) FROM orders_order GROUP BY stage ORDER BY stage")
        return [(stage, count) for stage, count in cursor.fetchall()]


def went_wrong(request: HttpRequest) -> HttpResponse:
    """Answer a request that broke: 503 without database, 400 if it brought what can't be kept."""
    error = sys.exc_info()[1]
    if cannot_be_kept(error):
        return HttpResponseBadRequest(render_to_string("400.html"))
    if not database_is_away(error):
        return HttpResponseServerError(render_to_string("500.html"))
    return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": "1"})
