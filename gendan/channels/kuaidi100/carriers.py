"""The carriers a Chinese merchant ships with: Kuaidi100's code, names, numbers."""

import re
from dataclasses import dataclass
from functools import cached_property

LONGEST_NUMBER = 32


@dataclass(frozen=True)
class Carrier:
    """One carrier as Kuaidi100 knows it."""

    code: str
    name: str
    english: str
    pattern: str
    needs_phone: bool = False

    @cached_property
    def looks_like(self) -> re.Pattern[str]:
        """What a waybill number of this carrier looks like."""
        return re.compile(self.pattern, re.IGNORECASE)


CARRIERS = {
    carrier.code: carrier
    for carrier in (
        Carrier("shunfeng", "顺丰速运", "SF Express", r"SF[A-Z0-9]\d{12}|\d{12}", needs_phone=True),
        Carrier("zhongtong", "中通快递", "ZTO Express", r"7[3-68]\d{12}", needs_phone=True),
        Carrier("yuantong", "圆通速递", "YTO Express", r"YT\d{13}"),
        Carrier("yunda", "韵达快递", "Yunda Express", r"[34]\d{14}|5\d{12}|4\d{12}"),
        Carrier("shentong", "申通快递", "STO Express", r"(77|43)\d{12,15}"),
        Carrier("jtexpress", "极兔速递", "J&T Express", r"JT\d{13}"),
        Carrier("jd", "京东物流", "JD Logistics", r"JD[A-Z0-9]{2}\d{11}"),
        Carrier("ems", "邮政 EMS", "China Post EMS", r"1[0-3]\d{11}|E[A-Z]\d{9}CN"),
        Carrier("youzhengguonei", "邮政快递包裹", "China Post Parcel", r"9\d{12}|P[A-Z]\d{11}"),
        Carrier("debangkuaidi", "德邦快递", "Deppon Express", r"DPK\d{12}"),
        Carrier("danniao", "菜鸟速递", "Cainiao Express", r"621\d{12}"),
        Carrier("huitongkuaidi", "百世快递", "BEST Express", r"5\d{13}|A\d{12}"),
        Carrier("annengwuliu", "安能物流", "ANE Logistics", r"3000\d{10}|\d{12}"),
        Carrier("kuayue", "跨越速运", "KYE Express", r"KY\d{13}"),
        Carrier("zhaijisong", "宅急送", "ZJS Express", r"A\d{12}|\d{10}"),
    )
}


def guess(number: str) -> list[Carrier]:
    """The carriers whose numbers look like this one, the likelier first."""
    cleaned = number.strip()
    return [one for one in CARRIERS.values() if one.looks_like.fullmatch(cleaned)]


def needs_phone(company: str) -> bool:
    """Whether this carrier tells its trace only to who knows the phone's last four digits."""
    carrier = CARRIERS.get(company)
    return carrier is not None and carrier.needs_phone


def possible_number(number: str) -> bool:
    """Whether Kuaidi100 takes such a number at all: letters, digits and dashes, 6 to 32."""
    return re.fullmatch(rf"[A-Za-z0-9-]{{6,{LONGEST_NUMBER}}}", number) is not None
