"""Errors as problem documents (RFC 9457): what is wrong, where, and what to do."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import structlog
from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from gendan.ui.errors import Refused, cannot_be_kept, database_is_away
from gendan.ui.finding import FindingError

CONTENT_TYPE = "application/problem+json"
IN_BODY = ("body", "form", "file")

log = structlog.get_logger("gendan.api")


@dataclass(frozen=True)
class Wrong:
    """One fault: a JSON pointer into the body, or the name of a parameter, and a sentence."""

    detail: str
    pointer: str = ""
    parameter: str = ""

    def written(self) -> dict[str, str]:
        return {name: text for name, text in vars(self).items() if text}


class Problem(Exception):
    """A problem that a room names itself."""

    def __init__(self, status: int, detail: str, errors: Sequence[Wrong] = ()) -> None:
        super().__init__(detail)
        self.status, self.detail, self.errors = status, detail, errors


def problem(
    request: HttpRequest, status: int, detail: str, errors: Sequence[Wrong] = (), **more: Any
) -> HttpResponse:
    """Return a problem document."""
    document = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "instance": request.path,
        **more,
    }
    if errors:
        document["errors"] = [wrong.written() for wrong in errors]
    body = json.dumps(document, ensure_ascii=False)
    return HttpResponse(body, status=status, content_type=CONTENT_TYPE)


def install(api: NinjaAPI) -> None:
    """Let the API answer every error as a problem document."""
    for kind, answer in ANSWERS.items():
        api.add_exception_handler(kind, answer)


def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    wrongs = [_wrong(one) for one in error.errors]
    return problem(request, 422, _("Some fields are missing or cannot be read."), wrongs)


def _wrong(error: dict[str, Any]) -> Wrong:
    place, *path = error["loc"]
    message = str(error["msg"])
    if place in IN_BODY:
        return Wrong(message, pointer="".join(f"/{part}" for part in path[1:]))
    return Wrong(message, parameter=".".join(map(str, path)))


def _refused(request: HttpRequest, error: Refused) -> HttpResponse:
    return problem(request, 409, error.sentence)


def _named(request: HttpRequest, error: Problem) -> HttpResponse:
    return problem(request, error.status, error.detail, error.errors)


def _unreadable(request: HttpRequest, error: FindingError) -> HttpResponse:
    wrong = Wrong(error.message, parameter="q")
    return problem(
        request,
        400,
        error.sentence,
        [wrong],
        position=error.position,
        length=error.length,
    )


def _unknown_key(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    sentence = _(
        "The key is missing, unknown, expired or revoked. Send: Authorization: Bearer gd_…"
    )
    answer = problem(request, 401, sentence)
    answer["WWW-Authenticate"] = 'Bearer realm="gendan"'
    return answer


def _not_allowed(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
    return problem(request, 403, str(error))


def _not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem(request, 404, _("There is nothing here that this key may see."))


def _too_large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    largest = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1024**2
    sentence = _("The body is larger than %(n)d MB. Send it in several.") % {"n": largest}
    return problem(request, 413, sentence)


def _other(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(request, error.status_code, error.message)


def _broken(request: HttpRequest, error: Exception) -> HttpResponse:
    if database_is_away(error):
        return _away(request)
    if cannot_be_kept(error):
        return _unkept(request)
    log.exception("api.failed", path=request.path)
    return problem(
        request, 500, _("Something broke on our side. It is written down; nothing was changed.")
    )


def _unkept(request: HttpRequest) -> HttpResponse:
    log.warning("api.cannot_be_kept", path=request.path, exc_info=True)
    sentence = _(
        "A number is too large, a text too long, or it holds a character that can't be kept."
        " Nothing was changed."
    )
    return problem(request, 422, sentence)


def _away(request: HttpRequest) -> HttpResponse:
    log.warning("api.database_away", path=request.path)
    sentence = _("The database is away for a moment. Look whether it was done, and ask again.")
    answer = problem(request, 503, sentence)
    answer["Retry-After"] = "1"
    return answer


ANSWERS: dict[type[Exception], Callable[[HttpRequest, Any], HttpResponse]] = {
    ValidationError: _invalid,
    Refused: _refused,
    Problem: _named,
    FindingError: _unreadable,
    AuthenticationError: _unknown_key,
    PermissionDenied: _not_allowed,
    Http404: _not_found,
    RequestDataTooBig: _too_large,
    HttpError: _other,
    Exception: _broken,
}
