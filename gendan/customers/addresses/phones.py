"""Telephone numbers as shops, platforms and chats write them."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import phonenumbers


class Kind(StrEnum):
    """What a phone field turned out to hold."""

    MOBILE = "MOBILE"
    LANDLINE = "LANDLINE"
    MASKED = "MASKED"
    CIPHER = "CIPHER"
    INVALID = "INVALID"
    EMPTY = "EMPTY"


@dataclass(frozen=True, slots=True)
class Phone:
    """A number without prefix and blanks (`13900000001`, `0571-88888888`) and its extension."""

    number: str = ""
    extension: str = ""
    kind: Kind = Kind.EMPTY

    def __str__(self) -> str:
        return f"{self.number}-{self.extension}" if self.extension else self.number


MOBILE = r"1[3-9][0-9]{9}"
LANDLINE = r"(?:0(?:10|2[0-9])[-\s]?[2-9][0-9]{7}|0[3-9][0-9]{2}[-\s]?[2-9][0-9]{6,7})"
SERVICE = r"(?:400[-\s]?[0-9]{3}[-\s]?[0-9]{4}|400[-\s]?[0-9]{4}[-\s]?[0-9]{3}|800[-\s]?[0-9]{7})"
COUNTRY = re.compile(r"^(?:\+|00)?86[-\s]?(?=0?[1-9][0-9\s*-]{7,})|^0(?=1[3-9][0-9]{9})")
EXTENSION = re.compile(r"(?:[-_,，转]|\s*(?:ext\.?|分机[号:]?)\s*)\s*([0-9]{1,6})$", re.IGNORECASE)
WHOLE = re.compile(rf"(?:(?P<mobile>{MOBILE})|(?P<landline>{LANDLINE}|{SERVICE}))")
AREA = re.compile(r"^(0(?:10|2[0-9]|[3-9][0-9]{2}))[-\s]?")
CIPHER = ("##", "$$", "~")
NOTHING = {"", "-", "--", "无", "null", "None"}


@lru_cache(maxsize=8192)
def phone(text: str) -> Phone:
    """Read one phone field; a number that cannot be dialled is INVALID and kept as written."""
    raw = unicodedata.normalize("NFKC", text).strip(" '’\t\r\n\"=")
    if raw in NOTHING:
        return Phone()
    if raw.startswith(CIPHER):
        return Phone(raw, "", Kind.CIPHER)
    raw, abroad = COUNTRY.subn("", raw)
    if "*" in raw:
        return Phone(raw, "", Kind.MASKED)
    # +86571… leaves the area code without its zero.
    domestic = _domestic(raw) or (_domestic(f"0{raw}") if abroad else None)
    return domestic or _abroad(text) or Phone(raw, "", Kind.INVALID)


def _domestic(raw: str) -> Phone | None:
    number, extension = raw, ""
    if (found := EXTENSION.search(raw)) and _plain(raw[: found.start()]):
        number, extension = raw[: found.start()], found[1]
    plain = _plain(number)
    return Phone(plain[0], extension, plain[1]) if plain else None


def _plain(raw: str) -> tuple[str, Kind] | None:
    """Take blanks and hyphens out, if what is left is a whole number of the mainland."""
    dense = re.sub(r"[\s()-]", "", raw)
    found = WHOLE.fullmatch(dense)
    if not found:
        return None
    if found["mobile"]:
        return dense, Kind.MOBILE
    return AREA.sub(r"\1-", dense), Kind.LANDLINE


def _abroad(text: str) -> Phone | None:
    """Hong Kong, Macau, Taiwan and abroad: only with their `+` or `00` prefix, as +852…."""
    dense = unicodedata.normalize("NFKC", text).strip(" '\t")
    international = f"+{dense[2:]}" if dense.startswith("00") else dense
    if not international.startswith("+"):
        return None
    try:
        parsed = phonenumbers.parse(international)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(parsed):
        return None
    mobile = phonenumbers.number_type(parsed) in MOBILE_TYPES
    number = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return Phone(number, parsed.extension or "", Kind.MOBILE if mobile else Kind.LANDLINE)


MOBILE_TYPES = (
    phonenumbers.PhoneNumberType.MOBILE,
    phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
)
