"""The sentences of the finding language: which tokens may follow each other, and what they make."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.utils.translation import gettext as _
from lark import Lark, Token, Transformer, UnexpectedInput, UnexpectedToken, v_args
from lark.lexer import Lexer

from gendan.ui.finding.errors import FindingError
from gendan.ui.finding.tokens import length_of, start_of

GRAMMAR = """
start: either?
?either: all_of (OR all_of)*
?all_of: denied (AND? denied)*
?denied: NOT denied | atom
?atom: LPAR either RPAR -> bracket
     | NAME OPERATOR text -> comparison
     | NAME (IN | NOT_IN) LPAR text (COMMA text)* COMMA? RPAR -> membership
     | NAME (EMPTY | NOT_EMPTY) -> emptiness
     | text (COMMA text)* COMMA? -> words
?text: TEXT | QUOTED | VALUE
%declare OR AND NOT LPAR RPAR NAME OPERATOR IN NOT_IN EMPTY NOT_EMPTY COMMA TEXT QUOTED VALUE
"""


@dataclass(frozen=True)
class Words:
    """Bare text for the quick search; several are any of them."""

    texts: tuple[Token, ...]


@dataclass(frozen=True)
class Comparison:
    """A field, how it is compared, and with what (several values for `in`, none for `empty`)."""

    name: Token
    operator: str
    values: tuple[Token, ...] = ()
    place: Token | None = None


@dataclass(frozen=True)
class Denied:
    part: "Node"


@dataclass(frozen=True)
class AllOf:
    parts: tuple["Node", ...]


@dataclass(frozen=True)
class AnyOf:
    parts: tuple["Node", ...]


Node: TypeAlias = Words | Comparison | Denied | AllOf | AnyOf


@v_args(inline=True)
class _Sense(Transformer[Token, Any]):
    """Makes the nodes as the parser recognises them, from the inside out."""

    def start(self, node: Node | None = None) -> Node | None:
        return node

    def either(self, *parts: Any) -> AnyOf:
        return AnyOf(_nodes(parts))

    def all_of(self, *parts: Any) -> AllOf:
        return AllOf(_nodes(parts))

    def denied(self, _not: Token, part: Node) -> Node:
        return part.part if isinstance(part, Denied) else Denied(part)

    def bracket(self, _left: Token, node: Node, _right: Token) -> Node:
        return node

    def comparison(self, name: Token, operator: Token, value: Token) -> Comparison:
        return Comparison(name, str(operator), (value,), operator)

    def membership(self, name: Token, test: Token, *rest: Token) -> Comparison:
        return Comparison(name, "in" if test.type == "IN" else "not in", _texts(rest), test)

    def emptiness(self, name: Token, test: Token) -> Comparison:
        return Comparison(name, "empty" if test.type == "EMPTY" else "not empty", (), test)

    def words(self, *texts: Token) -> Words:
        return Words(_texts(texts))


class _AlreadyCut(Lexer):
    """Hands the parser the tokens that `Reader` has cut."""

    def __init__(self, _conf: Any) -> None:
        pass

    def lex(self, tokens: Any) -> Iterator[Token]:  # type: ignore[override]  # lark's older form
        return iter(tokens)


_PARSER = Lark(GRAMMAR, parser="lalr", lexer=_AlreadyCut, transformer=_Sense())


def sentence(tokens: list[Token], text: str) -> Node | None:
    """Return what the tokens say; nothing for an empty text.

    :raises FindingError: if a token is where it cannot be, or something is missing
    """
    if not tokens:
        return None
    try:
        return _PARSER.parse(tokens)  # type: ignore[return-value]  # the transformer's nodes
    except UnexpectedInput as unexpected:
        raise _complaint(unexpected, tokens, text) from None


def _nodes(parts: tuple[Any, ...]) -> tuple[Node, ...]:
    return tuple(part for part in parts if not isinstance(part, Token))


def _texts(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    return tuple(token for token in tokens if token.type in ("TEXT", "QUOTED", "VALUE"))


def _complaint(unexpected: UnexpectedInput, tokens: list[Token], text: str) -> FindingError:
    if isinstance(unexpected, UnexpectedToken) and unexpected.token.type != "$END":
        return _misplaced(unexpected.token, unexpected.expected)
    return _unfinished(tokens, text)


def _misplaced(token: Token, accepted: set[str]) -> FindingError:
    remedy = _("Put text with such characters in quotation marks.")
    if token.type == "OPERATOR":
        remedy = _("Write the name of a field before it, or put the text in quotation marks.")
    elif token.type == "RPAR":
        remedy = _("Open a bracket first, or leave this one out.")
    elif "TEXT" in accepted:
        remedy = _("Write a value or a field before it, or put the word in quotation marks.")
    return FindingError(
        _("“%(text)s” cannot stand here.") % {"text": token},
        start_of(token),
        length_of(token),
        remedy,
    )


def _unfinished(tokens: list[Token], text: str) -> FindingError:
    last = tokens[-1]
    if last.type in ("OPERATOR", "IN", "NOT_IN"):
        message, remedy = _("A value is missing here."), _("Write what to compare with.")
    elif open_bracket := _never_closed(tokens):
        message = _("This bracket is never closed.")
        return FindingError(message, start_of(open_bracket), 1, _("Close it, or leave it out."))
    else:
        message = _("Something is missing after “%(text)s”.") % {"text": last}
        remedy = _("Go on writing, or leave the last word out.")
    return FindingError(message, len(text.rstrip()), 1, remedy)


def _never_closed(tokens: list[Token]) -> Token | None:
    waiting: list[Token] = []
    for token in tokens:
        if token.type == "LPAR":
            waiting.append(token)
        elif token.type == "RPAR" and waiting:
            waiting.pop()
    return waiting[-1] if waiting else None
