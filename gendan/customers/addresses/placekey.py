"""A key that two spellings of the same address share, to find duplicates and parcels to combine."""

import re
import unicodedata

from gendan.customers.addresses.problems import Problem
from gendan.customers.addresses.spellings import short_name
from gendan.customers.addresses.split import Address

CHINESE_DIGITS = str.maketrans("〇零一二三四五六七八九两", "001234567892")
COUNTED = re.compile("[〇零一二三四五六七八九两]+(?=号|栋|幢|座|单元|室|弄|楼|层|期)")
TENS = re.compile(
    "([一二三四五六七八九])?十([一二三四五六七八九])?(?=号|栋|幢|座|单元|室|弄|楼|层|期)"
)
BETWEEN = re.compile("(?<=[0-9a-z])(?:号楼|号院|号|弄|栋|幢|座|单元|室|房|#|-|—|–)+(?=[0-9a-z])")
AT_END = re.compile("(?<=[0-9a-z])(?:号楼|号|栋|幢|座|室|房)+(?=$|[^0-9a-z])")
NOISE = re.compile(r"[\s,，。.;；:：、()（）\[\]【】/\"'“”_]+")


def place_key(address: Address) -> str:
    """Normalise an address to a key; empty if masked or without detail, which is no same place."""
    if not address.detail or Problem.MASKED in address.problems:
        return ""
    names = (address.province, address.city, address.district)
    where = address.code[:6] if len(address.code) >= 6 else "".join(names)
    return f"{where}|{_detail(address)}"


def same_place(a: Address, b: Address) -> bool:
    """Whether both are certainly the same place; never true for masked ones."""
    key = place_key(a)
    return bool(key) and key == place_key(b)


def _detail(address: Address) -> str:
    text = NOISE.sub("", unicodedata.normalize("NFKC", address.detail).lower())
    street = "" if address.code[6:] else address.street
    text = _digits(text.removeprefix(short_name(address.district)) or text)
    return AT_END.sub("", BETWEEN.sub("-", street + text)).strip("-")


def _digits(text: str) -> str:
    """Write 三号楼 as 3号楼 and 十二栋 as 12栋; names such as 五一路 stay."""
    text = TENS.sub(lambda m: (m[1] or "一") + (m[2] or "零"), text)
    return COUNTED.sub(lambda m: m[0].translate(CHINESE_DIGITS), text)
