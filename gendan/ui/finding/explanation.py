"""An expression written out in full, in the language of the reader; it reads back as the same."""

from collections.abc import Callable
from typing import assert_never

from django.utils.translation import pgettext, pgettext_lazy
from lark import Token

from gendan.ui.finding.fields import Field
from gendan.ui.finding.grammar import AllOf, AnyOf, Comparison, Denied, Node, Words
from gendan.ui.finding.tokens import quoted

EMPTINESS = {
    "empty": pgettext_lazy("finding", "is empty"),
    "not empty": pgettext_lazy("finding", "is not empty"),
}
LISTED = {
    "in": pgettext_lazy("finding", "in"),
    "not in": pgettext_lazy("finding", "not in"),
}


def explanation(node: Node, field: Callable[[Token], Field]) -> str:
    """Return the sentence with the fields' labels, plain operators and the choices' labels."""
    match node:
        case Words(texts):
            return ", ".join(quoted(str(text)) for text in texts)
        case AllOf(parts):
            return _joined(pgettext("finding", "and"), parts, field)
        case AnyOf(parts):
            return _joined(pgettext("finding", "or"), parts, field)
        case Denied(part):
            return f"{pgettext('finding', 'not')} {_enclosed(part, field)}"
        case Comparison(name):
            return _compared(node, field(name))
        case _:
            assert_never(node)


def _joined(word: str, parts: tuple[Node, ...], field: Callable[[Token], Field]) -> str:
    return f" {word} ".join(_enclosed(part, field) for part in parts)


def _enclosed(part: Node, field: Callable[[Token], Field]) -> str:
    text = explanation(part, field)
    several = isinstance(part, AllOf | AnyOf) or (isinstance(part, Words) and len(part.texts) > 1)
    return f"({text})" if several else text


def _compared(node: Comparison, field: Field) -> str:
    name = field.written_name()
    if not node.values:
        return f"{name} {EMPTINESS[node.operator]}"
    values = [_value(field, node.operator, token) for token in node.values]
    if node.operator in ("in", "not in"):
        return f"{name} {LISTED[node.operator]} ({', '.join(values)})"
    return f"{name} {node.operator} {values[0]}"


def _value(field: Field, operator: str, token: Token) -> str:
    if operator in ("~", "!~"):
        return quoted(str(token))
    text = field.sort.written(field, str(token))
    return text if token.type == "VALUE" and text == str(token) else quoted(text)
