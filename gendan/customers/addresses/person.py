"""Tells which piece of a pasted text is most likely the receiver's name."""

import re

from gendan.customers.addresses.surnames import SURNAMES
from gendan.customers.addresses.tokens import Token

TITLE = re.compile("(?:先生|女士|小姐|老师|同学|太太|经理|师傅|老板|总)$")
HAN_NAME = re.compile("[一-龥]{1,4}(?:·[一-龥]{1,6})*")
LATIN_NAME = re.compile("[A-Za-z][A-Za-z.' ]{1,24}")
MIXED_NAME = re.compile("[一-龥]{1,3}(?:[A-Za-z]{1,4}|某{1,2})|[一-龥]{1,3}\\*+[一-龥]?")
PLACE = re.compile(
    "[0-9#]|(?:[路街道楼栋幢室层镇乡村组弄巷区县市店苑厦厂寓座期铺校库司]|号|单元|花园|广场|门口|前台"
    "|物业|驿站|大学|医院|附近|旁边|对面|中心|酒店|宾馆)$"
)
CHAT = re.compile("谢谢|麻烦|发货|尽快|快递|备注|包装|请|不要|顺丰|一下|收货|您|你好|订单")
WISH = re.compile("到了|打电话|谢谢|麻烦|发货|尽快|备注|包装|不要|请|一下")
RECEIVES = re.compile("(?<=..)[（(]?(?:亲收|收启|[收启])[)）]?$")
# Platforms add a code to the name, which the courier needs: 张三[1234].
CODE = re.compile(r"\[[0-9]{2,6}\]$")
CERTAIN = 6


def likeness(token: Token, *, first: bool, last: bool) -> int:
    """How much a token looks like a person's name; 0 and below: not at all."""
    text = CODE.sub("", bare(token.text))
    if not text or PLACE.search(text) or CHAT.search(text):
        return 0
    shape = _shape(text)
    if not shape:
        return 0
    return shape + 2 * token.near_phone + first + last


def bare(text: str) -> str:
    """Take off 收 and 亲收, as in 唐娜收."""
    return RECEIVES.sub("", text)


def _shape(text: str) -> int:
    if TITLE.search(text) and len(text) <= 8:
        return 5
    known = text[0] in SURNAMES
    if HAN_NAME.fullmatch(text):
        return 3 if known and 2 <= len(text) <= 4 else 1
    if MIXED_NAME.fullmatch(text):
        return 3 if known else 2
    return 1 if LATIN_NAME.fullmatch(text) else 0
