"""Turns an expression over the named fields of a model into one condition for its query."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db.models import Model, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from lark import Token

from gendan.ui.finding.completion import Suggestion, suggestions, written
from gendan.ui.finding.errors import FindingError, Unreadable
from gendan.ui.finding.explanation import explanation
from gendan.ui.finding.fields import Field, listed
from gendan.ui.finding.grammar import AllOf, AnyOf, Comparison, Denied, Node, Words, sentence
from gendan.ui.finding.tokens import length_of, start_of
from gendan.ui.finding.vocabulary import Vocabulary

DENIALS = {"!=": "=", "!~": "~", "not in": "in", "not empty": "empty"}


class Finder:
    """What can be asked about one model, and the asking of it.

    `quick(text)` answers what bare words mean, such as a number, a name or a part of a title.
    """

    def __init__(
        self, model: type[Model], fields: Iterable[Field], quick: Callable[[str], Q]
    ) -> None:
        self.model = model
        self.vocabulary = Vocabulary(fields)
        self.quick = quick

    def q(self, text: str, *, now: datetime) -> Q:
        """Return the condition that the text states; an empty text states none.

        :raises FindingError: if it cannot be read
        """
        node = self.parse(text)
        return self._condition(node, now) if node else Q()

    def check(self, text: str) -> None:
        """Read the text and forget it.

        :raises FindingError: if it cannot be read
        """
        self.q(text, now=timezone.now())

    def explain(self, text: str) -> str:
        """Return the text in its full, readable form, in the language of the reader.

        :raises FindingError: if it cannot be read
        """
        self.check(text)
        node = self.parse(text)
        return explanation(node, self.vocabulary.field) if node else ""

    def mentions(self, text: str) -> list[Field]:
        """Return the fields that the text asks about, each once, in the order of the text.

        :raises FindingError: if it cannot be read
        """
        tokens = self.vocabulary.reader.tokens(text)
        names = [token for token in tokens if token.type == "NAME"]
        return list(dict.fromkeys(map(self.vocabulary.field, names)))

    def complete(self, text: str, cursor: int) -> list[Suggestion]:
        """Return what could be written at the cursor, best first."""
        return suggestions(self.vocabulary, text, cursor)

    def parse(self, text: str) -> Node | None:
        """Return the sentence, its fields and values not yet looked at.

        :raises FindingError: if it is none
        """
        return sentence(self.vocabulary.reader.tokens(text), text)

    def _condition(self, node: Node, now: datetime) -> Q:
        match node:
            case Words(texts):
                return Q(*(self.quick(str(text)) for text in texts), _connector=Q.OR)
            case AllOf(parts):
                return Q(*(self._condition(part, now) for part in parts))
            case AnyOf(parts):
                return Q(*(self._condition(part, now) for part in parts), _connector=Q.OR)
            case Denied(part):
                return ~self._condition(part, now)
            case Comparison():
                return self._compare(node, now)

    def _compare(self, node: Comparison, now: datetime) -> Q:
        field = self.vocabulary.field(node.name)
        operator = _spoken(node.operator, field)
        _refuse_operator(node, operator, field)
        plain = DENIALS.get(operator, operator)
        if plain == "empty":
            condition = field.target.empty(field.sort.blank)
        else:
            values = [_value(field, plain, token, now) for token in node.values]
            condition = field.sort.condition(field.target, plain, values)
        return field.target.deny(condition) if operator in DENIALS else condition


def _spoken(operator: str, field: Field) -> str:
    """A colon is the loosest comparison that the field has."""
    if operator != ":":
        return operator
    return "~" if field.kind == "text" else "="


def _value(field: Field, operator: str, token: Token, now: datetime) -> Any:
    read = field.sort.read_part if operator == "~" else field.sort.read
    try:
        return read(field, str(token), now)
    except Unreadable as unreadable:
        raise FindingError(
            unreadable.message, start_of(token), length_of(token), unreadable.remedy
        ) from None


def _refuse_operator(node: Comparison, operator: str, field: Field) -> None:
    if operator in field.sort.operators or node.place is None:
        return
    raise FindingError(
        _("“%(field)s” cannot be compared with “%(operator)s”.")
        % {"field": field.label, "operator": node.place},
        start_of(node.place),
        length_of(node.place),
        _("Use one of: %(operators)s.")
        % {"operators": listed(written(op).strip(" (") for op in field.sort.operators)},
    )
