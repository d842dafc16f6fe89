"""Reads name, phone and address out of what a customer wrote into a chat."""

import re
from dataclasses import dataclass, field, replace

from gendan.customers.addresses.head import read_head
from gendan.customers.addresses.person import CERTAIN, WISH, bare, likeness
from gendan.customers.addresses.phones import Kind, Phone
from gendan.customers.addresses.scopes import level
from gendan.customers.addresses.split import Address, split
from gendan.customers.addresses.tokens import (
    MARK,
    NARROW,
    Token,
    take_phones,
    tokens,
    usable,
)

NUMBER = re.compile("[0-9]{5,}")
ZIP = re.compile("[0-9]{6}")
BLANK_LINES = re.compile(r"\n\s*\n")
STREETLIKE = re.compile("[路街道号楼栋室镇村弄巷区]")
LEAST_LIKENESS = 2
DIALLABLE = frozenset({Kind.MOBILE, Kind.LANDLINE})


@dataclass(frozen=True, slots=True)
class Confidence:
    """How sure each field is, from 0 (not found) to 1 (said so or cannot be anything else)."""

    name: float = 0.0
    phone: float = 0.0
    address: float = 0.0


@dataclass(frozen=True, slots=True)
class Pasted:
    """One receiver; `rest` is what belongs to none of the fields, such as a wish."""

    name: str = ""
    phone: Phone = field(default_factory=Phone)
    address: Address = field(default_factory=Address)
    rest: str = ""
    confidence: Confidence = field(default_factory=Confidence)


def read_paste(text: str) -> Pasted:
    """Read one receiver, from one line or several."""
    phones, marked = take_phones(text.translate(NARROW).replace(MARK, " "))
    found = tokens(marked)
    zip_code, found = _take_zip(found)
    start = _address_start(found)
    at, sure = _name(found, start)
    address, rest = _divide(found, start, at)
    chosen = usable(phones)
    others = [str(p) for p in phones if p is not chosen]
    return Pasted(
        name=bare(found[at].text) if at is not None else "",
        phone=chosen,
        address=replace(address, zip=address.zip or zip_code),
        rest=" ".join([*rest, *others]),
        confidence=Confidence(sure, _phone_confidence(chosen), _address_confidence(address)),
    )


def read_pastes(text: str) -> list[Pasted]:
    """Read several receivers, parted by blank lines or each with a number of their own."""
    blocks = (block for block in BLANK_LINES.split(text.replace("\r", "")) if block.strip())
    return [read_paste(part) for block in blocks for part in _receivers(block)]


def _receivers(block: str) -> list[str]:
    """Part a block so that each part has one number; without that much, leave it whole."""
    if len(_numbers(block)) < 2:
        return [block]
    parts: list[str] = []
    for line in re.split("[\n;；]", block):
        if parts and not (_starts_anew(line) and _is_whole(parts[-1])):
            parts[-1] += "\n" + line
        else:
            parts.append(line)
    return [part for part in parts if part.strip()]


def _numbers(text: str) -> list[Phone]:
    return take_phones(text.translate(NARROW))[0]


def _is_whole(part: str) -> bool:
    pasted = read_paste(part)
    return pasted.phone.kind in DIALLABLE and bool(pasted.address.code)


def _starts_anew(line: str) -> bool:
    """Whether a line names someone or somewhere, not only a wish or a second number."""
    found = tokens(take_phones(line.translate(NARROW))[1])
    if any(token.label in {"name", "address"} for token in found):
        return True
    return _address_start(found) is not None or bool(_numbers(line) and found)


def _take_zip(found: list[Token]) -> tuple[str, list[Token]]:
    """Take out a labelled code, or a last number of six digits that stands alone."""
    for i, token in enumerate(found):
        if token.label == "zip" or (i and ZIP.fullmatch(token.text) and i >= len(found) - 2):
            return token.text.strip("0") and token.text, found[:i] + found[i + 1 :]
    return "", found


def _address_start(found: list[Token]) -> int | None:
    """Find the token from which the divisions can be read deepest; a label decides."""
    labelled = [i for i, token in enumerate(found) if token.label == "address"]
    if labelled:
        return labelled[0]
    depths = [_depth(found, i) for i in range(len(found))]
    if any(depths):
        return depths.index(max(depths))
    streets = (i for i, token in enumerate(found) if STREETLIKE.search(token.text[1:]))
    return next(streets, None)


def _depth(found: list[Token], start: int) -> int:
    """How many levels can be read; a short word alone may be a name (黄梅) and counts 1."""
    first = found[start].text
    head = read_head(" ".join(token.text for token in found[start : start + 5]))
    if not head.end or NUMBER.fullmatch(first):
        return 0
    alone = len(first) <= 3 and head.end <= len(first) + 1
    return 1 if alone else max(min(level(head.code), 3), 1)


def _name(found: list[Token], start: int | None) -> tuple[int | None, float]:
    """Choose the token that is the name, and say how sure that is."""
    labelled = [i for i, token in enumerate(found) if token.label == "name"]
    if labelled:
        return labelled[0], 1.0
    if start is None and not any(token.near_phone for token in found):
        return None, 0.0
    last = len(found) - 1
    scores = {
        i: likeness(token, first=i == 0, last=i == last) - _buried(token, i, start, last)
        for i, token in enumerate(found)
        if i != start and token.label != "address"
    }
    best = max(scores, key=lambda i: scores[i], default=None)
    if best is None or scores[best] < LEAST_LIKENESS:
        return None, 0.0
    return best, min(scores[best] / CERTAIN, 0.9)


def _buried(token: Token, i: int, start: int | None, last: int) -> int:
    """A piece in the middle of the address is hardly a name."""
    in_address = start is not None and start < i < last
    return 3 if in_address and not token.near_phone and not token.after_phone else 0


def _divide(found: list[Token], start: int | None, name: int | None) -> tuple[Address, list[str]]:
    """Give the address its pieces, and the rest to the rest."""
    pieces: list[str] = []
    rest: list[str] = []
    for i, token in enumerate(found):
        if i == name:
            continue
        (pieces if _in_address(found, i, start, name) else rest).append(token.text)
    return split(" ".join(pieces)), rest


def _in_address(found: list[Token], i: int, start: int | None, name: int | None) -> bool:
    """From its start to the name or the number after it; what is labelled belongs to it anyway."""
    if start is None or i < start:
        return False
    token = found[i]
    if i == start or token.label == "address":
        return True
    begun = max(j for j in range(i) if j == start or found[j].label == "address")
    if WISH.search(token.text):
        return False
    past_phone = token.after_phone and not found[begun].after_phone
    past_name = name is not None and begun < name < i
    return not past_phone and not past_name


def _phone_confidence(phone: Phone) -> float:
    if phone.kind in DIALLABLE:
        return 1.0
    return 0.3 if phone.kind is Kind.MASKED else 0.0


def _address_confidence(address: Address) -> float:
    if address.complete:
        return 1.0
    return 0.2 * level(address.code) if address.code else 0.1 * bool(address.detail)
