"""Whom a message goes to and what it says, without phones, addresses and mail addresses."""

import re

from gendan.ui.masking import masked_text as masked_text
from gendan.ui.wording import masked_phone

MAIL = re.compile(r"[^\s<>\"'(),;:]+@[^\s<>\"'(),;:]+")
SHOWN = 2  # characters of a mail address before the @


def masked_to(to: str) -> str:
    """Return a mail address, phone or account with most of it hidden."""
    name, at, house = to.partition("@")
    if at:
        return f"{name[:SHOWN]}***@{house}"
    if sum(letter.isdigit() for letter in to) >= 7:
        return masked_phone(to)
    return f"{to[:SHOWN]}***" if to.strip() else ""


def masked_error(error: Exception) -> str:
    """Return why a mail could not go, without addresses: the worklist is for everybody."""
    return MAIL.sub(lambda found: masked_to(found[0]), str(error))[:200]
