"""Cuts pasted text into labelled pieces and takes the telephone numbers out."""

import re
from dataclasses import dataclass
from functools import cache

from gendan.customers.addresses.divisions import places
from gendan.customers.addresses.phones import MOBILE, Kind, Phone, phone
from gendan.customers.addresses.surnames import SURNAMES

# Full-width digits, letters and the few signs that numbers and labels are made of.
NARROW = {0xFF00 + i: 0x20 + i for i in (*range(0x10, 0x1B), *range(0x21, 0x3B))}
NARROW |= {0xFF0B: "+", 0xFF0D: "-", 0xFF0A: "*", 0x3000: " ", 0xFEFF: None, 0x200B: None}

PHONE = re.compile(
    r"(?<![0-9*])(?:"
    r"(?:(?:\+|00)?86[-\s]?)?1[3-9][0-9](?:[-\s]?[0-9]{4}){2}(?:\s?[-_转]\s?[0-9]{3,6})?"
    r"|(?:(?:\+|00)?86[-\s]?)?(?:0(?:10|2[0-9])[-\s]?[2-9][0-9]{7}"
    r"|0[3-9][0-9]{2}[-\s]?[2-9][0-9]{6,7})(?:\s?[-转]\s?[0-9]{1,6})?"
    r"|[48]00-?[0-9]{3}-?[0-9]{4}|\+[1-9][0-9]{0,2}(?:[-\s]?[0-9]){6,12}"
    r"|1[0-9]{0,2}\*{3,}[0-9]{2,4})(?![0-9*])"
)
END_OF_RUN = re.compile(rf"(?<=[0-9]){MOBILE}(?![0-9])")
MARK = "\x01"

LABEL = re.compile(
    r"(?P<name>(?:收[货件]人|联系人)(?:姓名)?[:：]?|(?:客户|买家)?姓名[:：]|名字[:：]|客户[:：])"
    r"|(?P<phone>(?:联系|收货|收件人?)?(?:手机|[电電][话話])(?:号码|号)?(?:[:：]|(?=\s*\x01))"
    r"|联系方式[:：]?|(?:tel|phone|mobile)[:：.]\s*)"
    r"|(?P<address>所在地区[:：]?|所在区域[:：]?|收[货件]地址[:：]?|详细地址[:：]?"
    r"|(?:联系)?地址(?:是|为)?[:：]|的地址是|(?<![一-龥])地址(?=\s)|地区[:：]|省市区[:：])"
    r"|(?P<zip>(?:邮编|邮政编码)[:：]?)",
    re.IGNORECASE,
)
PIECE = re.compile(r"[A-Za-z.]+(?: [A-Za-z.]+)+(?![A-Za-z0-9])|[^\s,，;；。\x01|]+|\x01|\n")
# 张 三 is one name; 张三浙江省… and 9号张三 before a number are two pieces.
APART = re.compile(r"(?<![^\s,，])([一-龥]) ([一-龥])(?=[\s,，\x01]|$)")
NAME_AFTER_HOUSE = re.compile(
    f"(?<=[0-9室号楼栋幢房户])([{SURNAMES}][一-龥]{{1,2}})(?<![门边侧店楼层室栋])(?=\x01)"
)
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

    left = PHONE.sub(mark, APART.sub(r"\1\2", text))
    if not found:
        left = END_OF_RUN.sub(mark, text, count=1)
    return found, left


def tokens(marked: str) -> list[Token]:
    """Cut a text whose numbers are marked into tokens, the first after a label bearing it."""
    found: list[Token] = []
    seen = False
    for label, content in _labelled(_apart(marked)):
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


def _apart(text: str) -> str:
    text = _name_before_province().sub(r"\1 ", text)
    return NAME_AFTER_HOUSE.sub(r" \1", text)


@cache
def _name_before_province() -> re.Pattern[str]:
    provinces = "|".join(name for code, name in places().items() if len(code) == 2)
    return re.compile(f"(?<![一-龥])([一-龥]{{2,4}})(?={provinces})")


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
