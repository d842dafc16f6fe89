"""All the fields of one list, known by all their names."""

from collections.abc import Iterable
from difflib import get_close_matches
from functools import cached_property

from django.utils.translation import gettext as _
from lark import Token

from gendan.ui.finding.errors import FindingError
from gendan.ui.finding.fields import Field, listed
from gendan.ui.finding.tokens import Reader, length_of, start_of


class Vocabulary:
    """The words that an expression may use for its fields."""

    def __init__(self, fields: Iterable[Field]) -> None:
        self.fields = tuple(fields)

    @cached_property
    def known(self) -> dict[str, Field]:
        """The fields by each of their names, in small letters.

        :raises ValueError: if two fields share a name
        """
        known: dict[str, Field] = {}
        for field in self.fields:
            for name in field.names:
                if known.setdefault(name.casefold(), field) is not field:
                    raise ValueError(f"Two fields are called {name}: {field.name} is one of them")
        return known

    @cached_property
    def reader(self) -> Reader:
        """The reader that knows these fields' names."""
        return Reader(name for field in self.fields for name in field.names)

    def get(self, name: str) -> Field | None:
        """Return the field of that name, if there is one."""
        return self.known.get(name.casefold())

    def field(self, name: Token) -> Field:
        """Return the field that is meant.

        :raises FindingError: if there is none; the nearest names are suggested
        """
        if found := self.get(str(name)):
            return found
        raise FindingError(
            _("There is no field “%(name)s”.") % {"name": name},
            start_of(name),
            length_of(name),
            self._nearest(str(name).casefold()),
        )

    def _nearest(self, name: str) -> str:
        keys = get_close_matches(name, self.known, n=4, cutoff=0.5)
        keys += [key for key in self.known if name in key or key in name]
        near = dict.fromkeys(self.known[key].written_name() for key in keys)
        names = list(near)[:5] or [field.written_name() for field in self.fields[:8]]
        return _("Fields are: %(names)s. Put other text in quotation marks.") % {
            "names": listed(names)
        }
