"""The named fields of a list, known by every name that anyone calls them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from typing import Any, TypeAlias

from django.conf import settings
from django.db.models.expressions import Combinable, Expression
from django.utils.functional import Promise
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from gendan.ui.finding.errors import Unreadable
from gendan.ui.finding.kinds import KINDS, Kind
from gendan.ui.finding.targets import Answer, AnswerTarget, ExpressionTarget, PathTarget, Target

Text: TypeAlias = str | Promise
Pairs: TypeAlias = Iterable[tuple[Any, Text]]


@dataclass(frozen=True, eq=False)
class Field:
    """One thing that can be asked about.

    `kind` is one of text, number, money, weight, date, instant, yesno, choice, set. `lookup` is a
    path of the ORM (by default the name) or a function `(operator, value) -> Q`; `expression` a
    computed value instead. `choices` are pairs of code and label, or a function that returns them;
    `suggest(beginning)` returns values, or pairs of value and label, for completion.
    """

    name: str
    label: Text
    kind: str = "text"
    lookup: str | Answer = ""
    expression: Expression | Combinable | None = None
    choices: Pairs | Callable[[], Pairs] | None = None
    suggest: Callable[[str], Iterable[str | tuple[str, Text]]] | None = None
    aliases: tuple[str, ...] = ()

    @property
    def sort(self) -> Kind:
        """What values it takes and how they compare."""
        return KINDS[self.kind]

    @cached_property
    def target(self) -> Target:
        """What it is in the database."""
        if self.expression is not None:
            return ExpressionTarget(self.expression)
        if callable(self.lookup):
            return AnswerTarget(self.lookup)
        return PathTarget(self.lookup or self.name)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Every name it is known by: its own, its label in each language, its aliases."""
        labels = [words.replace(" ", "_") for words in in_every_language(self.label)]
        return tuple(dict.fromkeys([self.name, *labels, *self.aliases]))

    def written_name(self) -> str:
        """Return its name in the language of the reader, as one word."""
        return str(self.label).replace(" ", "_")

    def pairs(self) -> Pairs:
        """Return its choices, as they are now."""
        if callable(self.choices):
            return self.choices()
        return self.choices or ()

    def code_of(self, text: str) -> Any:
        """Return the code of a choice, given its code or its label in any language.

        :raises Unreadable: if there is no such choice
        """
        codes = self._codes()
        if text.casefold() in codes:
            return codes[text.casefold()]
        raise Unreadable(
            _("%(field)s has no “%(text)s”.") % {"field": self.label, "text": text},
            self._nearest(text),
        )

    def codes_containing(self, text: str) -> list[Any]:
        """Return the codes of the choices whose code or label contains the text."""
        part = text.casefold()
        return list(dict.fromkeys(code for word, code in self._codes().items() if part in word))

    def label_of(self, text: str) -> str:
        """Return the label of a choice in the language of the reader; the text if unknown."""
        code = self._codes().get(text.casefold())
        return next((str(label) for known, label in self.pairs() if known == code), text)

    def _codes(self) -> dict[str, Any]:
        return self._cached_codes if not callable(self.choices) else _codes(self.choices())

    @cached_property
    def _cached_codes(self) -> dict[str, Any]:
        return _codes(self.pairs())

    def _nearest(self, text: str) -> str:
        labels = {str(label).casefold(): str(label) for _code, label in self.pairs()}
        near = get_close_matches(text.casefold(), labels, n=5, cutoff=0.4) or list(labels)[:8]
        return _("Choose one of: %(names)s.") % {"names": listed(labels[name] for name in near)}


def in_every_language(text: Text) -> list[str]:
    """Return the text in each language of the interface, without repeating."""
    if isinstance(text, str):
        return [text]
    found: dict[str, None] = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            found[str(text)] = None
    return list(found)


def listed(words: Iterable[str]) -> str:
    """Return the words side by side, as the language of the reader does it."""
    return ("、" if (get_language() or "").startswith("zh") else ", ").join(words)


def _codes(pairs: Pairs) -> dict[str, Any]:
    known: dict[str, Any] = {}
    for code, label in pairs:
        for word in (str(code), *in_every_language(label)):
            known.setdefault(word.casefold(), code)
    return known
