"""The kinds of fields: what may be typed for each, and which comparisons make sense."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Protocol

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from gendan.ui.finding.errors import Unreadable
from gendan.ui.finding.moments import Span, span
from gendan.ui.finding.targets import Target

ORDERED = ("=", "!=", ">", ">=", "<", "<=", "in", "not in", "empty", "not empty")
LARGEST = 10**15
YES = {"是", "有", "对", "yes", "y", "true", "t", "1", "on"}
NO = {"否", "无", "不", "没有", "no", "n", "false", "f", "0", "off"}


class Asked(Protocol):
    """What a kind needs to know of its field."""

    @property
    def label(self) -> Any: ...

    @property
    def choices(self) -> Any: ...

    def code_of(self, text: str) -> Any: ...

    def codes_containing(self, text: str) -> list[Any]: ...

    def label_of(self, text: str) -> str: ...


class Kind:
    """Reads values of one kind and turns a comparison into a condition."""

    operators: tuple[str, ...] = ("=", "!=", "in", "not in", "empty", "not empty")
    blank: Any = None

    def read(self, field: Asked, text: str, now: datetime) -> Any:
        """Return the value that the text means.

        :raises Unreadable: if it means none of this kind
        """
        return text

    def read_part(self, field: Asked, text: str, now: datetime) -> Any:
        """Return what `~` looks for."""
        return self.read(field, text, now)

    def condition(self, target: Target, operator: str, values: Sequence[Any]) -> Q:
        """Return the condition for an operator that denies nothing."""
        if operator == "in":
            return target.compare("in", list(values))
        return target.compare(operator, values[0])

    def written(self, field: Asked, text: str) -> str:
        """Return how a value is written in the readable form."""
        return text


class Text(Kind):
    operators = ("=", "!=", "~", "!~", "in", "not in", "empty", "not empty")
    blank = ""


class Number(Kind):
    """A number, with an optional unit; a range is written `10..20`."""

    operators = ORDERED
    units: dict[str, int] = {}
    otherwise = 1
    sample = "12"

    def read(self, field: Asked, text: str, now: datetime) -> Any:
        if ".." in text:
            first, _dots, last = text.partition("..")
            return (self.read(field, first, now), self.read(field, last, now))
        plain = unicodedata.normalize("NFKC", text).strip().lower().replace("¥", "")
        match = re.fullmatch(r"([-+]?\d{1,15}(?:\.\d{1,6})?)\s*(\D*)", plain, re.A)
        factor = self._factor(match[2]) if match else None
        if not match or factor is None:
            raise Unreadable(
                _("“%(text)s” is not a number that %(field)s could have.")
                % {"text": text, "field": field.label},
                _("Write it like %(sample)s.") % {"sample": self.sample},
            )
        return self._exact(Decimal(match[1]) * factor, text)

    def condition(self, target: Target, operator: str, values: Sequence[Any]) -> Q:
        if operator == "in":
            return Q(*(self.condition(target, "=", [v]) for v in values), _connector=Q.OR)
        value = values[0]
        if not isinstance(value, tuple):
            return target.compare(operator, value)
        if operator == "=":
            return target.compare(">=", value[0]) & target.compare("<=", value[1])
        return target.compare(operator, value[1] if operator in (">", "<=") else value[0])

    def _factor(self, unit: str) -> int | None:
        return self.units.get(unit) if unit else self.otherwise

    def _exact(self, number: Decimal, text: str) -> int | Decimal:
        if abs(number) > LARGEST:
            raise Unreadable(_("“%(text)s” is too large.") % {"text": text})
        return int(number) if number == number.to_integral_value() else number


class Money(Number):
    """Typed in yuan, kept in fen."""

    units = {"元": 100, "块": 100, "yuan": 100, "rmb": 100, "cny": 100, "分": 1, "万": 1_000_000}
    units |= {"万元": 1_000_000}
    otherwise = 100
    sample = "12.50"

    def written(self, field: Asked, text: str) -> str:
        if ".." in text:
            return "..".join(self.written(field, part) for part in text.split(".."))
        fen = Decimal(self.read(field, text, timezone.now()))
        return f"¥{(fen / 100).quantize(Decimal('0.01')) if fen % 1 == 0 else fen / 100}"


class Weight(Number):
    """Typed in grams or with a unit, kept in grams."""

    units = {"g": 1, "克": 1, "kg": 1000, "千克": 1000, "公斤": 1000, "斤": 500}
    sample = "0.5kg"


class Instant(Kind):
    """A point in time; a day or a month stands for all of it. A range is written `A..B`."""

    operators = ORDERED

    def read(self, field: Asked, text: str, now: datetime) -> Any:
        first, dots, last = text.partition("..")
        if not dots:
            return span(text, now)
        return Span(span(first, now).start, span(last, now).end)

    def condition(self, target: Target, operator: str, values: Sequence[Any]) -> Q:
        if operator == "in":
            return Q(*(self.condition(target, "=", [v]) for v in values), _connector=Q.OR)
        value: Span = values[0]
        if operator == "=":
            return target.compare(">=", value.start) & target.compare("<", value.end)
        if value.exact:
            return target.compare(operator, value.exact)
        if operator in (">", "<="):
            return target.compare(">=" if operator == ">" else "<", value.end)
        return target.compare(operator, value.start)


class Day(Instant):
    """A day of the calendar."""

    def condition(self, target: Target, operator: str, values: Sequence[Any]) -> Q:
        if operator == "in":
            return Q(*(self.condition(target, "=", [v]) for v in values), _connector=Q.OR)
        first, last = _days(values[0])
        if operator == "=" and first != last:
            return target.compare(">=", first) & target.compare("<=", last)
        return target.compare(operator, last if operator in (">", "<=") else first)


class YesNo(Kind):
    operators = ("=", "!=")

    def read(self, field: Asked, text: str, now: datetime) -> bool:
        plain = text.strip().lower()
        if plain in YES or plain in NO:
            return plain in YES
        raise Unreadable(
            _("“%(text)s” is neither yes nor no.") % {"text": text}, _("Write yes or no.")
        )

    def written(self, field: Asked, text: str) -> str:
        return _("yes") if text.strip().lower() in YES else _("no")


class Choice(Kind):
    """One of a list, by its code or by its label in either language."""

    operators: tuple[str, ...] = ("=", "!=", "~", "!~", "in", "not in", "empty", "not empty")
    blank = ""

    def read(self, field: Asked, text: str, now: datetime) -> Any:
        return field.code_of(text)

    def read_part(self, field: Asked, text: str, now: datetime) -> Any:
        return field.codes_containing(text)

    def condition(self, target: Target, operator: str, values: Sequence[Any]) -> Q:
        if operator == "~":
            return target.compare("in", values[0])
        return super().condition(target, operator, values)

    def written(self, field: Asked, text: str) -> str:
        return field.label_of(text)


class Set(Choice):
    """Several codes kept together, such as tags; compared by what is among them."""

    operators: tuple[str, ...] = ("=", "!=", "in", "not in", "empty", "not empty")
    blank: Any = []

    def read(self, field: Asked, text: str, now: datetime) -> Any:
        return field.code_of(text) if field.choices is not None else text

    def condition(self, target: Target, operator: str, values: Sequence[Any]) -> Q:
        if operator == "in":
            return target.compare("overlaps", list(values))
        return target.compare("has", [values[0]])


KINDS: dict[str, Kind] = {
    "text": Text(),
    "number": Number(),
    "money": Money(),
    "weight": Weight(),
    "instant": Instant(),
    "date": Day(),
    "yesno": YesNo(),
    "choice": Choice(),
    "set": Set(),
}


def _days(value: Span) -> tuple[Any, Any]:
    last = value.end if value.start == value.end else value.end - timedelta(microseconds=1)
    return timezone.localtime(value.start).date(), timezone.localtime(last).date()
