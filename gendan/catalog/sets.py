"""Reading what somebody says a set is made of: `TEA-01*2; CUP-01`."""

import re
from collections.abc import Mapping

from django.utils.translation import gettext as _

from gendan.ui.importing.cells import BadCell

ONE = re.compile(r"\s*([^\s*×]+)\s*(?:[*×]\s*([1-9][0-9]{0,3}))?\s*")
BETWEEN = re.compile(r"[;；,，、\n]+")


def read_parts(text: str) -> dict[str, int]:
    """Return the pieces of each part by its SKU code.

    :raises BadCell: if it can't be read, or names a part twice
    """
    parts: dict[str, int] = {}
    for said in filter(str.strip, BETWEEN.split(text)):
        match = ONE.fullmatch(said)
        if match is None or match[1] in parts:
            raise BadCell(
                _("“%(said)s” is no part, or named twice.") % {"said": said.strip()},
                _("Write codes with their pieces: TEA-01*2; CUP-01"),
            )
        parts[match[1]] = int(match[2] or 1)
    return parts


def written_parts(parts: Mapping[str, int]) -> str:
    """Return parts as `read_parts` reads them."""
    return "; ".join(f"{code}*{number}" if number > 1 else code for code, number in parts.items())
