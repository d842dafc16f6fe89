"""How people write the name of a division: in full, under an old name, or without its ending."""

import re
from collections.abc import Iterator
from functools import lru_cache

OFFICIAL, OLD, SHORT = range(3)

PEOPLES = (
    "各族|壮族|回族|维吾尔|蒙古族?|哈尼族|彝族|土家族|苗族|朝鲜族|藏族|羌族|布依族|侗族|傣族|景颇族|傈僳族"
    "|哈萨克族?|柯尔克孜|塔吉克|锡伯|满族|黎族|瑶族|仡佬族|毛南族|水族|白族|拉祜族|佤族|布朗族|独龙族|怒族"
    "|普米族|纳西族|裕固族|保安族|撒拉族|土族|达斡尔族|鄂温克族|畲族|仫佬族"
)
AUTONOMOUS = re.compile(rf"^(.{{2,}}?)(?:{PEOPLES})*族?自治([区州县旗])$")
PEOPLE_DISTRICT = re.compile(rf"^(.{{2,}}?)(?:{PEOPLES})区$")
ENDING = re.compile(r"^(.{2,}?)(?:特别行政区|新区|矿区|林区|地区|[省市盟区县旗])$")
ZONE = re.compile(r"(?:高新技术产业|高技术产业|经济技术|高新技术|经济)(?:开发|园)区$")

WRITTEN_ALSO = {
    "15": ("内蒙",),
    "71": ("台湾省", "臺灣", "臺灣省"),
    "81": ("香港特区",),
    "82": ("澳门特区", "澳門"),
    "820201": ("氹仔",),
    "820202": ("路环",),
}

# Old names whose beginning is gone, too; 新津县 → 新津区 and its like need no line here.
RENAMED = {
    "4206": ("襄樊", "襄樊市"),
    "4210": ("荆沙市",),
    "4308": ("大庸市",),
    "4513": ("柳州地区",),
    "5308": ("思茅市", "思茅地区"),
    "3208": ("淮阴市",),
    "370116": ("莱芜市", "莱城区", "莱芜"),
    "110101": ("崇文区",),
    "110102": ("宣武区",),
    "120116": ("塘沽区", "塘沽", "汉沽区", "大港区"),
    "310101": ("卢湾区",),
    "310106": ("闸北区", "闸北"),
    "310115": ("南汇区", "南汇"),
    "130505": ("任县",),
    "130284": ("滦县",),
    "140213": ("大同市城区",),
    "140214": ("南郊区",),
    "140404": ("长治县",),
    "230717": ("伊春区",),
    "320104": ("白下区",),
    "320106": ("下关区",),
    "320114": ("雨花区",),
    "320213": ("崇安区", "南长区", "北塘区"),
    "320508": ("沧浪区", "平江区", "金阊区"),
    "320613": ("港闸区",),
    "320812": ("清浦区",),
    "321003": ("维扬区",),
    "330105": ("下城区",),
    "330102": ("江干区",),
    "330212": ("江东区",),
    "340210": ("芜湖县",),
    "340209": ("三山区",),
    "350404": ("梅列区",),
    "350405": ("沙县",),
    "360113": ("红谷滩新区",),
    "360112": ("湾里区",),
    "360404": ("九江县",),
    "361104": ("上饶县",),
    "370203": ("四方区",),
    "370211": ("胶南市",),
    "410202": ("金明区",),
    "410308": ("吉利区",),
    "411003": ("许昌县",),
    "420607": ("襄阳县",),
    "430212": ("株洲县",),
    "440103": ("芳村区", "芳村"),
    "440104": ("东山区",),
    "440112": ("萝岗区", "萝岗"),
    "440307": ("大鹏新区",),
    "450181": ("横县",),
    "500110": ("万盛区",),
    "500111": ("双桥区",),
    "511504": ("宜宾县",),
    "511703": ("达县",),
    "520281": ("盘县",),
    "540302": ("昌都县",),
    "540602": ("那曲县",),
    "610118": ("户县",),
    "610482": ("彬县",),
}


def spellings(code: str, name: str, above: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    """Yield the ways to write a division, each with its kind; `above` are its parents' names."""
    yield name, OFFICIAL
    for other in WRITTEN_ALSO.get(code, ()):
        yield other, OFFICIAL
    for old in RENAMED.get(code, ()):
        yield old, OLD if old[-1] in "省市区县" else SHORT
    if ZONE.search(name) or (len(code) == 6 and code[4] == "7"):
        yield from _zone_spellings(name, above)
    elif stem := short_name(name):
        yield stem, SHORT
        for ending in _other_endings(code):
            yield stem + ending, OLD


@lru_cache(maxsize=4096)
def short_name(name: str) -> str:
    """Take the ending off (广西壮族自治区 → 广西); empty if nothing readable would be left."""
    found = AUTONOMOUS.match(name) or PEOPLE_DISTRICT.match(name) or ENDING.match(name)
    return found[1] if found else ""


def _other_endings(code: str) -> tuple[str, ...]:
    if len(code) == 2:
        return ("省", "自治区", "市")
    return ("市", "州", "地区") if len(code) == 4 else ("区", "县", "市", "新区")


def _zone_spellings(name: str, above: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    bare = name
    for parent in above:
        for prefix in (parent, short_name(parent)):
            bare = bare.removeprefix(prefix) if prefix else bare
    if bare != name and len(bare) > 2:
        yield bare, OLD
    if "经济" in bare:
        yield from (("经济开发区", OLD), ("经济技术开发区", OLD), ("经开区", OLD))
    if "高新" in bare:
        yield from (("高新区", OLD), ("高新技术开发区", OLD), ("高新技术产业开发区", OLD))
