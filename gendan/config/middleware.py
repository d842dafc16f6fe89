"""What surrounds every request: its log line and figures, the security headers, its language."""

import re
import time
import uuid
from collections.abc import Callable

import structlog
from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header

from gendan.config import metrics

Handler = Callable[[HttpRequest], HttpResponse]

NUL = "\0"
REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
UNWATCHED = {"healthz", "metrics"}
CONTENT_SECURITY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data: blob:",
        "media-src 'self' data: blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in ("accelerometer", "geolocation", "gyroscope", "microphone", "payment", "usb")
)

log = structlog.get_logger("gendan.request")


class Observed:
    """Gives a request its id, writes one line when it is answered, and counts it.

    The line holds the page's route, not its address: addresses carry names, numbers and signed
    links that a log must not keep.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = _request_id(request)
        began = time.perf_counter()
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = self.get_response(request)
            _observe(request, response, time.perf_counter() - began)
        response["X-Request-ID"] = request_id
        return response


def _request_id(request: HttpRequest) -> str:
    """Keep the id that a proxy in front of us gave, if it looks like one."""
    given = request.headers.get("X-Request-ID", "")
    return given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex


def _observe(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    match = request.resolver_match
    view = match.view_name if match else "static" if _is_static(request) else "none"
    metrics.requests.labels(view, request.method or "", response.status_code).inc()
    metrics.seconds.labels(view).observe(seconds)
    if view not in UNWATCHED:
        log.log(
            _level(response.status_code),
            "request",
            method=request.method,
            route=f"/{match.route}" if match else request.path,
            view=view,
            status=response.status_code,
            ms=round(seconds * 1000, 1),
            person=_person_id(request),
        )


def _is_static(request: HttpRequest) -> bool:
    return request.path.startswith(settings.STATIC_URL)


def _level(status: int) -> int:
    """Return a logging level: what fails on our side is an error, a page served is news."""
    return 40 if status >= 500 else 20


def _person_id(request: HttpRequest) -> int | None:
    """Return who asked, if the request got far enough for us to know; ask the database nothing."""
    user = getattr(request, "_cached_user", None)
    return user.pk if user is not None else None


class Storable:
    """Refuses the character NUL, which nobody can type and no text of the database can hold.

    What is exempt from CSRF reads its body itself.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Handler, args: object, kwargs: dict[str, object]
    ) -> None:
        """Look at the address and at the form, before anybody reads them."""
        said = [request.GET] if getattr(view, "csrf_exempt", False) else [request.GET, request.POST]
        texts = [text for fields in said for _name, many in fields.lists() for text in many]
        if any(NUL in str(text) for text in (*kwargs.values(), *texts)):
            raise BadRequest


class SecurityHeaders:
    """Tells the browser to run nothing but our own files, and to keep pages to itself."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return response


class Language:
    """Speaks the language of the person signed in, of the cookie, of the browser; or Chinese."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = _language(request)
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response


def _language(request: HttpRequest) -> str:
    wishes = (
        getattr(request.user, "language", ""),
        request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""),
        *_accepted(request.headers.get("Accept-Language", "")),
    )
    return next((code for wish in wishes if (code := _spoken(wish))), settings.LANGUAGE_CODE)


def _accepted(header: str) -> list[str]:
    """Return the languages of an Accept-Language header, the most wanted first."""
    return [language for language, _ in parse_accept_lang_header(header)]


def _spoken(wish: str) -> str:
    """Return which of our languages a wish means: any Chinese and any English will do."""
    known = {"zh": "zh-hans", "en": "en"}
    return known.get(wish.lower().split("-")[0], "")
