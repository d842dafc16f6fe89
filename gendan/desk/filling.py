"""Filling the `{names}` in a script with values, by their English or Chinese names."""

import re
from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from gendan.ui.errors import Refused

BLANK = re.compile(r"\{\s*([^{}\n]+?)\s*\}")
NOTHING = "—"


class UnknownBlank(Refused):
    """A script asks for a value that there is none of."""


def blanks(text: str) -> list[str]:
    """Return the names of what is to be filled in, each once."""
    return list(dict.fromkeys(BLANK.findall(text)))


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return the text with its blanks filled; what is known but empty becomes a dash.

    :raises UnknownBlank: if it has a blank that `values` does not know
    """
    refuse_unknown(text, values)
    return BLANK.sub(lambda match: values[match[1]] or NOTHING, text)


def refuse_unknown(text: str, known: Iterable[str]) -> None:
    """Refuse a text with a blank that is not among the known ones.

    :raises UnknownBlank: naming the first of them, and what could stand there
    """
    names = list(known)
    for name in blanks(text):
        if name not in names:
            raise UnknownBlank(
                _("There is no value “%(name)s”. You can write: %(names)s.")
                % {"name": name, "names": ", ".join(f"{{{each}}}" for each in names)}
            )
