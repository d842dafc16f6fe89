"""Money, numbers and days as people type them."""

import re
import unicodedata
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

AMOUNT = re.compile(r"-?\d{1,9}(?:\.\d{1,2})?")


def fen_of(text: str) -> int | None:
    """Return the fen that typed yuan mean; None if it is no amount."""
    plain = unicodedata.normalize("NFKC", text).replace("¥", "").replace(",", "").replace("元", "")
    plain = plain.strip()
    return int(Decimal(plain) * 100) if AMOUNT.fullmatch(plain) else None


def whole(text: str) -> int | None:
    """Return a whole number; None if it is none."""
    plain = unicodedata.normalize("NFKC", text).strip()
    return int(plain) if plain.isascii() and plain.isdecimal() and len(plain) < 10 else None


def day_of(text: str) -> date | None:
    """Return a day written as 2026-11-21; None if there is no such day."""
    try:
        return parse_date(text.strip())
    except ValueError:
        return None


class YuanField(forms.Field):
    """Yuan on the page, fen behind it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            widget=forms.TextInput(
                attrs={"inputmode": "decimal", "autocomplete": "off", "maxlength": "16"}
            ),
            **options,
        )

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        fen = fen_of(str(value))
        if fen is None:
            raise ValidationError(_("Write an amount like 128 or 128.50."))
        return fen
