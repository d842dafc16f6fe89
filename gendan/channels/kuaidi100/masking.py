"""Covers the names and phones of couriers and receivers that carriers write into trace texts."""

import re

MOBILE = re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)")
LANDLINE = re.compile(r"(?<!\d)(0\d{2,3}[- ]?)\d{4,5}(\d{3})(?!\d)")
ROLES = (
    "快递员|派件员姓名|派件员|派送员|配送员|业务员|投递员姓名|投递员|揽投员姓名|揽投员|派件人|"
    "签收人|收件员|揽件员|快递小哥|录入"
)
NOT_NAMES = (
    "电话|手机|正在|已|外呼|专属|本人|他人|家人|同事|保安|门卫|物业|前台|邮政|妈妈|驿站|菜鸟"
)
NAMED = re.compile(
    rf"((?:{ROLES})\s*[:：【\[]?\s*)(?!{NOT_NAMES})([一-龥])[一-龥某]{{0,3}}?"
    r"(?=\s|\d|$|[】\]【（()）,，。;；:：/]|正在|为您|已)"
)
PAIRED = re.compile(r"([【\[])([一-龥])[一-龥]{1,3}(?=[/／]\s?1[3-9]\d)")


def mask(text: str) -> str:
    """The text as people may read it: 刘某 becomes 刘**, 13900000001 becomes 139****0001."""
    text = PAIRED.sub(r"\1\2**", text)
    text = NAMED.sub(r"\1\2**", text)
    text = MOBILE.sub(r"\1****\2", text)
    return LANDLINE.sub(r"\1****\2", text)
