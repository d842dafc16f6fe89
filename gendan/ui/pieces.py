"""Pieces of pages that are the same for many requests are drawn once.

A piece sees what it is given and nothing else. So what it was given, and the language, say whether
it has been drawn before, and no piece can show anything that is out of date. What differs from
request to request and matters to none, the token of its forms and the page it stands on, is put
into its place afterwards.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.template.context import Context
from django.template.loader import get_template
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

KEPT = 1_000
MARK = "token-of-this-page"  # stands where the token will
HERE = "address-of-this-page"
Given = tuple[tuple[str, Any], ...]


def piece(context: Context, template: str, given: Mapping[str, Any]) -> SafeString:
    """Return the piece as it stands in the page of this context; values must be hashable."""
    draw = _draw if settings.DEBUG else _kept
    text = draw(template, get_language(), tuple(given.items()))
    if MARK in text:
        text = text.replace(MARK, escape(context.get("csrf_token", "")))
    if HERE in text:
        text = text.replace(HERE, escape(_here(context)))
    return SafeString(text)


def _here(context: Context) -> str:
    request = context.get("request")
    return request.get_full_path() if request else ""


def _draw(template: str, _language: str | None, given: Given) -> str:
    placed = {"csrf_token": MARK, "here": HERE}
    return get_template(template).render({**placed, **dict(given)})


_kept = lru_cache(KEPT)(_draw)
