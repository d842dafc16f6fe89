"""Cuts pasted text into labelled pieces and takes the telephone numbers out."""

import re
from dataclasses import dataclass

from gendan.customers.addresses.phones import MOBILE, Kind, Phone, phone

# Full-width digits, letters and the few signs that numbers and labels are made of.
NARROW = {0xFF00 + i: 0x20 + i for i in (*range(0x10, 0x1B), *range(0x21, 0x3B))}
NARROW |= {0xFF0B: "+", 0xFF0D: "-", 0xFF0A: "*", 0x3000: " ", 0xFEFF: None, 0x200B: None}

PHONE = re.compile(
    r"(?<![0-9*])(?:"
    r"(?:(?:\+|00)?86[-\s]?)?1[3-9][0-9](?:[-\s]?[0-9]{4}){2}(?:\s?[-_转]\s?[0-9]{3,6})?"
    r"|(?:(?:\+|00)?86[-\s]?)?(?:0(?:10|2[0-9])[-\s]?[2-9][0-9]{7}"
    r"|0[3-9][0-9]{2}[-\s]?[2-9][0-9]{6,7})(?:\s?[-转]\s?[0-9]{1,6})?"
    r"|[48]00-?[0-9]{3}-?[0-9]{4}|\+[1-9][0-9]{0,2}[-\s]?[0-9]{6,12}"
    r"|1[0-9]{0,2}\*{3,}[0-9]{2,4})(?![0-9*])"
)
END_OF_RUN = re.compile(rf"(?<=[0-9]){MOBILE}(?![0-9])")
MARK = "\x01"

LABEL = re.compile(
    r"(?P<name>(?:收[货件]人|联系人)(?:姓名)?[:：]?|(?:客户|买家)?姓名[:：]|名字[:：]|客户[:：])"
    r"|(?P<phone>(?:联系|收货|收件人?)?(?:手机|[电電][话話])(?:号码|号)?(?:[:：]|(?=\s*\x01))"
    r"|联系方式[:：]?|(?:tel|phone|mobile)[:：.]\s*)"
    r"|(?P<address>所在地区[:：]?|所在区域[:：]?|收[货件]地址[:：]?|详细地址[:：]?"
    r"|(?:联系)?地址(?:是|为)?[:：]|的地址是|地区[:：]|省市区[:：])"
    r"|(?P<zip>(?:邮编|邮政编码)[:：]?)",
    re.IGNORECASE,
)
PIECE = re.compile(r"[^\s,，;；。\x01|]+|\x01|\n")
STOPS = " \t\r\n:：-、.·/“”\"'【】《》"


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of text without blanks; `near_phone` if a number stands right beside it."""

    text: str
    label: str = ""
    near_phone: bool = False
    after_phone: bool = False


def take_phones(text: str) -> tuple[list[Phone], str]:
    """Find the numbers and put a mark where each was."""
    found: list[Phone] = []

    def mark(match: re.Match[str]) -> str:
        found.append(phone(match[0]))
        return MARK

    left = PHONE.sub(mark, text)
    if not found:
        left = END_OF_RUN.sub(mark, text, count=1)
    return found, left


def tokens(marked: str) -> list[Token]:
    """Cut a text whose numbers are marked into tokens, the first after a label bearing it."""
    found: list[Token] = []
    seen = False
    for label, content in _labelled(marked):
        pieces = PIECE.findall(content)
        for i, piece in enumerate(pieces):
            text = piece.strip(STOPS)
            if piece == MARK:
                seen = True
            elif text:
                beside = MARK in pieces[max(i - 1, 0) : i + 2]
                found.append(Token(text, label, beside, seen))
                label = ""
    return found


def _labelled(text: str) -> list[tuple[str, str]]:
    parts, at, label = [], 0, ""
    for match in LABEL.finditer(text):
        parts.append((label, text[at : match.start()]))
        at, label = match.end(), match.lastgroup or ""
    return [*parts, (label, text[at:])]


def usable(phones: list[Phone]) -> Phone:
    """Take the mobile number if there is one, else the first."""
    mobiles = [p for p in phones if p.kind is Kind.MOBILE]
    return (mobiles or phones or [Phone()])[0]
