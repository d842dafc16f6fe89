"""Whom a message goes to and what it says, without phones and mail addresses."""

import re

from gendan.ui.wording import masked_phone

MOBILE = re.compile(r"(?<!\d)1[3-9]\d(?:[ -]?\d){8}(?!\d)")
SHOWN = 2  # characters of a mail address before the @


def masked_to(to: str) -> str:
    """Return a mail address, phone or account with most of it hidden."""
    name, at, house = to.partition("@")
    if at:
        return f"{name[:SHOWN]}***@{house}"
    if sum(letter.isdigit() for letter in to) >= 7:
        return masked_phone(to)
    return f"{to[:SHOWN]}***" if to.strip() else ""


def masked_text(text: str) -> str:
    """Return a text with the mobile numbers in it hidden."""
    return MOBILE.sub(lambda found: masked_phone(found[0]), text)
