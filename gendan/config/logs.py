"""What Gendan writes to its log: one JSON line an event, or readable lines on a terminal."""

import logging.config
import sys
from typing import Any

import structlog
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import EventDict, WrappedLogger


def _without_objects(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    """Drop what Django adds for its own handlers: the request itself."""
    event.pop("request", None)
    return event


EACH_EVENT: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.stdlib.ExtraAdder(),
    _without_objects,
]
QUIET = ("uvicorn.access", "django.request", "django.server", "httpx", "httpcore", "aiosmtpd")
CALM = ("uvicorn", "procrastinate", "asyncio", "mail.log")


def configure(config: dict[str, Any]) -> None:
    """Send every log, Django's and the libraries' too, to stderr in one form."""
    logging.config.dictConfig(_standard_library(config["level"]))
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *EACH_EVENT,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def _standard_library(level: str) -> dict[str, Any]:
    rendering = _on_terminal() if sys.stderr.isatty() else _as_json()
    form = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": EACH_EVENT,
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *rendering],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"event": form},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "event"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": _at(QUIET, "ERROR") | _at(CALM, "WARNING"),
    }


def _at(names: tuple[str, ...], level: str) -> dict[str, Any]:
    return {name: {"level": level} for name in names}


def _on_terminal() -> list[Any]:
    return [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]


def _as_json() -> list[Any]:
    return [
        structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ]
