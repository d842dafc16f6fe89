"""Splits an address into province, city, district, street and detail, and says what is wrong."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from gendan.customers.addresses import divisions
from gendan.customers.addresses.head import NOWHERE, Head, read_head
from gendan.customers.addresses.problems import HARMLESS, Problem
from gendan.customers.addresses.scopes import level, scope
from gendan.customers.addresses.spellings import OFFICIAL

WIDTHLESS = (0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF)
INVISIBLE = dict.fromkeys((*range(32), 127), " ") | dict.fromkeys(WIDTHLESS, "")
EDGES = " ,，。;；、'’"
ZIP = re.compile(
    r"(?:[(（]\s*([0-9]{6})\s*[)）]|(?:邮编|邮政编码)[:：]?\s*([0-9]{6})|[,，]\s*([0-9]{6}))$"
)
NO_ZIP = "000000"
LEAD_IN = re.compile(r".{0,8}?地址(?:[是为在]|[:：])*\s*")
# A detail may begin with a division again (海南海南省海南省…): read on until nothing changes.
MOST_REPETITIONS = 4
CIPHER = ("##", "$$")


@dataclass(frozen=True, slots=True)
class Address:
    """An address in parts, each as the official divisions write it.

    `code` is the deepest division known for certain; a city is repeated as its own province in
    the municipalities; a city or county without districts (东莞市, 济源市) has `district` empty.
    """

    province: str = ""
    city: str = ""
    district: str = ""
    street: str = ""
    detail: str = ""
    code: str = ""
    zip: str = ""
    problems: tuple[Problem, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether a parcel can be sent there; a development zone does not stand in the way."""
        return HARMLESS.issuperset(self.problems)

    @property
    def line(self) -> str:
        """The whole address on one line, without the zip code."""
        city = "" if self.city == self.province else self.city
        parts = (self.province, city, self.district, self.street, self.detail)
        return " ".join(part for part in parts if part)


def split(text: str) -> Address:
    """Split an address written in one piece; what is not recognised stays in the detail."""
    text, zip_code = _without_zip(clean(text))
    found = _split_once(text, zip_code)
    for _ in range(MOST_REPETITIONS):
        if not (found.code and scope("").at(found.detail, 0)):
            break
        before, found = found, _split_once(found.line, zip_code)
        if found == before:
            break
    return found


def _split_once(text: str, zip_code: str) -> Address:
    head = read_head(text)
    if head.names == NOWHERE and (lead := LEAD_IN.match(text, head.end)):
        later = read_head(text, lead.end())
        head = later if later.code else head
    return _address(head, text[head.end :].strip(EDGES), zip_code)


def split_fields(
    province: str = "", city: str = "", district: str = "", street: str = "", detail: str = ""
) -> Address:
    """Check the columns of a platform against the divisions and complete them.

    A detail that repeats the columns loses the repetition; a street unknown to us is kept.
    """
    columns = " ".join(filter(None, (clean(province), clean(city), clean(district))))
    street = clean(street)
    rest, zip_code = _without_zip(clean(f"{street} {detail}"))
    head, left = _head_of_columns(columns)
    if not head.code or left:
        return split(f"{columns} {rest}")
    head, rest = _continued(head, rest)
    if street and not head.names.street and rest.startswith(street):
        rest = rest[len(street) :].strip(EDGES)
        head = replace(head, names=head.names._replace(street=street))
    return _address(head, rest, zip_code)


@lru_cache(maxsize=8192)
def _head_of_columns(text: str) -> tuple[Head, str]:
    head = read_head(text)
    return head, text[head.end :]


def _continued(head: Head, rest: str) -> tuple[Head, str]:
    """Read on from the columns into the detail, which may repeat them or name the street."""
    if not set(head.problems) <= {Problem.OTHER_AREA}:
        return head, rest
    below = read_head(rest, 0, head.code)
    if head.names.district and not below.names.district:
        return head, rest
    return below, rest[below.end :].strip(EDGES)


def clean(text: str) -> str:
    """Take out invisible characters, runs of spaces and a leading apostrophe."""
    text = text if text.isprintable() else text.translate(INVISIBLE)
    return " ".join(text.split()).strip(EDGES)


def _without_zip(text: str) -> tuple[str, str]:
    zip_code = ""
    while text[-1:] in {")", "）"} or text[-6:].isdigit():
        found = ZIP.search(text)
        if not found:
            break
        number = found[1] or found[2] or found[3]
        zip_code = zip_code or ("" if number == NO_ZIP else number)
        text = text[: found.start()].strip(EDGES)
    return text, zip_code


def _address(head: Head, detail: str, zip_code: str) -> Address:
    detail = _once(head, detail)
    problems = tuple(dict.fromkeys(_problems(head, detail)))
    return Address(*head.names, detail, head.code, zip_code, problems)


def _once(head: Head, detail: str) -> str:
    """Drop 东郭镇 辽宁省盘锦市盘山县 before 东郭镇…: the buyer wrote the whole address again."""
    before, again, after = detail.partition("".join(head.names[:3]) or "\n")
    before = before.strip(EDGES)
    return after if again and before and after.startswith(before) else detail


def _problems(head: Head, detail: str) -> Iterator[Problem]:
    if "*" in detail or detail.startswith(CIPHER):
        yield Problem.MASKED
        if not head.code:
            return
    yield from head.problems
    if missing := _missing(head):
        yield missing
    if not detail:
        yield Problem.NO_DETAIL
    elif head.code and _contradicts(head.code, detail):
        yield Problem.MISMATCH


def _missing(head: Head) -> Problem | None:
    """Name the first level that is missing, unless the head already says why."""
    if Problem.AMBIGUOUS in head.problems:
        return None
    if not head.names.province:
        return Problem.NO_PROVINCE
    if not head.names.city:
        return Problem.NO_CITY
    whole = head.names.district or divisions.is_alone(head.code[:6])
    return None if whole else Problem.NO_DISTRICT


def _contradicts(code: str, detail: str) -> bool:
    """Whether the detail begins with a whole other district, such as 广东省深圳市南山区."""
    hit = scope("").at(detail, 0)
    if hit is None or hit.kind != OFFICIAL:
        return False
    other = read_head(detail).code[:6]
    known = level(other) == 3 and not code.startswith(other) and not other.startswith(code)
    return known and (level(hit.codes[0]) < 3 or other[:4] == code[:4])
