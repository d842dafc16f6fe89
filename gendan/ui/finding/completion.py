"""What could be written next, at the place of the cursor."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from lark import Token

from gendan.ui.finding.errors import FindingError
from gendan.ui.finding.explanation import EMPTINESS, LISTED
from gendan.ui.finding.fields import Field, in_every_language
from gendan.ui.finding.tokens import quoted, start_of
from gendan.ui.finding.vocabulary import Vocabulary

MOST = 12
MEANINGS = {
    "=": gettext_lazy("is"),
    "!=": gettext_lazy("is not"),
    "~": gettext_lazy("contains"),
    "!~": gettext_lazy("does not contain"),
    ">": gettext_lazy("more than"),
    ">=": gettext_lazy("at least"),
    "<": gettext_lazy("less than"),
    "<=": gettext_lazy("at most"),
    "in": gettext_lazy("one of"),
    "not in": gettext_lazy("none of"),
    "empty": gettext_lazy("has nothing"),
    "not empty": gettext_lazy("has something"),
}
MOMENTS = (
    pgettext_lazy("finding", "today"),
    pgettext_lazy("finding", "yesterday"),
    pgettext_lazy("finding", "this-week"),
    pgettext_lazy("finding", "this-month"),
    pgettext_lazy("finding", "last-month"),
    "-3d",
    "-2h",
)


@dataclass(frozen=True)
class Suggestion:
    """A text that replaces the characters from `start` to `end` of the expression."""

    text: str
    label: str
    detail: str
    start: int
    end: int


def suggestions(vocabulary: Vocabulary, text: str, cursor: int) -> list[Suggestion]:
    """Return what could be written at the cursor, best first, at most a dozen."""
    cursor = max(0, min(cursor, len(text)))
    try:
        before = vocabulary.reader.tokens(text[:cursor])
    except FindingError as error:
        return list(islice(_in_quotes(vocabulary, text[:cursor], error, cursor), MOST))
    partial = before.pop() if before and _touches(before[-1], cursor) else None
    start = start_of(partial) if partial is not None else cursor
    if (name := _compared(before)) is not None:
        found = _values(vocabulary.get(name), str(partial or ""), start, cursor)
    elif partial is None and (field := _finished_field(vocabulary, before)) is not None:
        found = _operators(field, start, cursor)
    else:
        found = _names(vocabulary, str(partial or ""), bool(before), start, cursor)
    return list(islice(found, MOST))


def _touches(token: Token, cursor: int) -> bool:
    return token.end_pos == cursor and token.type in ("TEXT", "VALUE", "NAME", "AND", "OR", "NOT")


def _in_quotes(
    vocabulary: Vocabulary, text: str, error: FindingError, cursor: int
) -> Iterator[Suggestion]:
    """Complete a value whose quotation mark is still open."""
    try:
        before = vocabulary.reader.tokens(text[: error.position])
    except FindingError:
        return
    if (name := _compared(before)) is not None:
        begun = text[error.position + 1 :]
        yield from _values(vocabulary.get(name), begun, error.position, cursor)


def _compared(before: list[Token]) -> str | None:
    """Return the field whose value is being written, after its operator or inside its list."""
    rest = list(before)
    while len(rest) > 1 and rest[-1].type in ("LPAR", "COMMA", "VALUE", "QUOTED"):
        last = rest.pop()
        if last.type in ("VALUE", "QUOTED") and rest[-1].type == "OPERATOR":
            return None
        if last.type == "LPAR" and rest[-1].type not in ("IN", "NOT_IN"):
            return None
    if len(rest) > 1 and rest[-1].type in ("OPERATOR", "IN", "NOT_IN"):
        return str(rest[-2])
    return None


def _finished_field(vocabulary: Vocabulary, before: list[Token]) -> Field | None:
    if before and before[-1].type in ("TEXT", "NAME"):
        return vocabulary.get(str(before[-1]))
    return None


def _names(
    vocabulary: Vocabulary, partial: str, continues: bool, start: int, end: int
) -> Iterator[Suggestion]:
    if continues and not partial:
        for word in (pgettext("finding", "and"), pgettext("finding", "or")):
            yield Suggestion(f"{word} ", word, "", start, end)
    for field in _ranked(vocabulary.fields, partial):
        name = field.written_name()
        detail = field.name if field.name != name else ""
        yield Suggestion(f"{name} ", str(field.label), detail, start, end)


def _ranked(fields: Iterable[Field], partial: str) -> list[Field]:
    part = partial.casefold()
    found = [(min(_rank(name, part) for name in field.names), field) for field in fields]
    return [field for rank, field in sorted(found, key=lambda pair: pair[0]) if rank < 2]


def _rank(name: str, part: str) -> int:
    name = name.casefold()
    return 0 if name.startswith(part) else 1 if part in name else 2


def _operators(field: Field, start: int, end: int) -> Iterator[Suggestion]:
    for operator in field.sort.operators:
        text = written(operator)
        yield Suggestion(text, text.strip(), str(MEANINGS[operator]), start, end)


def written(operator: str) -> str:
    """Return an operator as it is typed, in the language of the reader."""
    if operator in LISTED:
        return f"{LISTED[operator]} ("
    return f"{EMPTINESS.get(operator, operator)} "


def _values(field: Field | None, partial: str, start: int, end: int) -> Iterator[Suggestion]:
    if field is None:
        return
    part = partial.casefold()
    for value, label in _offered(field, partial):
        words = (str(value), *in_every_language(label))
        rank = min(_rank(word, part) for word in words)
        if rank < 2 or field.suggest:
            shown = str(label)
            detail = str(value) if str(value) != shown else ""
            yield Suggestion(
                f"{quoted(shown if field.choices else str(value))} ", shown, detail, start, end
            )


def _offered(field: Field, partial: str) -> Iterator[tuple[object, str | Promise]]:
    if field.suggest:
        for offer in field.suggest(partial):
            yield offer if isinstance(offer, tuple) else (offer, offer)
    elif field.choices is not None:
        yield from field.pairs()
    elif field.kind == "yesno":
        yield from (("yes", _("yes")), ("no", _("no")))
    elif field.kind in ("date", "instant"):
        yield from ((word, word) for word in map(str, MOMENTS))
