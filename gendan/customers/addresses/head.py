"""Reads the divisions at the beginning of an address, step by step from the province down."""

import re
from dataclasses import dataclass, field

from gendan.customers.addresses import divisions
from gendan.customers.addresses.divisions import Names
from gendan.customers.addresses.problems import Problem
from gendan.customers.addresses.scopes import Hit, level, scope
from gendan.customers.addresses.spellings import OFFICIAL, SHORT, short_name

SEPARATORS = r"[\s,，、/|。:：;；'’\-]*"
SKIP = re.compile(SEPARATORS)
HAN = "[一-龥]"
# After a short name: 重庆路 is a road, 西安交通大学 an institution, 科尔沁|甘蓝子街 a district.
ROAD_NAME = re.compile("[东西南北中]?[一二三四五]?(?:[路街巷弄桥]|大[路街道])")
INSTITUTION = re.compile(f"{HAN}{{0,6}}?(?:大学|学院|医院|[中小]学|宾馆|酒店|公司|机场|银行|站)")
ROAD_FOLLOWS = re.compile(f"{HAN}{{1,6}}?(?:[路街镇乡村巷弄]|大道|社区|小区)")

FILLERS = re.compile("市辖区|(?:省|自治区)直辖(?:县级)?(?:行政)?(?:区划|单位)?|县(?=..)")
OTHER_AREA = re.compile(r"其[它他](?:地区|区县|[区县市](?!域)|(?=[\s,，]|$))")
ZONE = re.compile(
    "(?:(?![路街道巷弄号村镇乡])[一-龥]){0,8}?(?:"
    "高新[东西南北]?区|(?:经济|高新)?技术(?:产业)?开发区|经济开发区|经开区|开发区|[一-龥]新区|新区"
    "|工业园区|保税区|风景(?:名胜)?区|度假区|管理区|示范区|合作区|产业园区)(?![一-龥]?[路街])"
)
MIDDLE_DISTRICTS = frozenset({"市南区", "市北区", "市中区"})
UNKNOWN_DISTRICT = re.compile(r"[一-龥]{1,8}[区县旗市](?=[\s,，/|]|$)")
NO_DISTRICT_NAME = re.compile("[小社园校厂库院城]区$|超市$|夜市$|城市$")

NOWHERE = Names()


@dataclass(slots=True)
class Head:
    """How far the divisions were read: the deepest code, and where the rest begins."""

    code: str = ""
    end: int = 0
    names: Names = NOWHERE
    problems: list[Problem] = field(default_factory=list)


def read_head(text: str, start: int = 0, code: str = "") -> Head:
    """Read as many divisions as stand at `start`, below the division `code`."""
    code, end, kept = _descend(text, start, code)
    head = Head(code, end, divisions.names(code) if code else NOWHERE)
    if not kept and level(code) < 3:
        _read_beyond(head, text)
    return head


def _skip(text: str, at: int) -> int:
    """Step over blanks and the punctuation between divisions."""
    found = SKIP.match(text, at)
    return found.end() if found else at


def _descend(text: str, at: int, code: str) -> tuple[str, int, bool]:
    """Go down as deep as the text names divisions; `kept` if the last name stays in the detail."""
    while at < len(text):
        start = _skip(text, at)
        hit = scope(code).at(text, start)
        hit = hit and _resolved(text, hit)
        if hit is None:
            again = _repeated(text, start, code)
            if again == start:
                return code, start, False
            at = again
            continue
        if hit.kind == SHORT and not _ends_here(text, hit):
            return _short_before_text(text, start, code, hit)
        code, at = hit.codes[0], _before_its_district(text, hit)
    return code, at, False


def _before_its_district(text: str, hit: Hit) -> int:
    """Give the 市 of 青岛市南区 back to 市南区."""
    shared = text[hit.end - 1 : hit.end + 2] in MIDDLE_DISTRICTS
    return hit.end - 1 if shared and scope(hit.codes[0]).at(text, hit.end - 1) else hit.end


def _resolved(text: str, hit: Hit) -> Hit | None:
    """Of several places with this name take the only one that has the street named next."""
    if len(hit.codes) == 1:
        return hit
    start = _skip(text, hit.end)
    fitting = tuple(code for code in hit.codes if scope(code).at(text, start))
    return hit._replace(codes=fitting) if len(fitting) == 1 else None


def _ends_here(text: str, hit: Hit) -> bool:
    """Whether a short name stands by itself or before a division that lies in it."""
    start = _skip(text, hit.end)
    if start > hit.end or start == len(text):
        return True
    below = scope(hit.codes[0]).at(text, start)
    if below and (below.kind != SHORT or not ROAD_NAME.match(text, below.end)):
        return True
    return _repeated(text, start, hit.codes[0]) > start


def _short_before_text(text: str, start: int, code: str, hit: Hit) -> tuple[str, int, bool]:
    """Decide what a short name with more text right behind it is, and whether it stays there."""
    if ROAD_NAME.match(text, hit.end):
        return code, start, False
    new = hit.codes[0]
    if level(new) == 4:
        return code, start, False
    if level(new) == 3:
        consumed = ROAD_FOLLOWS.match(text, hit.end)
        return new, hit.end if consumed else start, True
    if INSTITUTION.match(text, hit.end):
        return (code, start, False) if code else (new, start, True)
    deeper, end, kept = _descend(text, hit.end, new)
    return deeper, end, kept


def _repeated(text: str, start: int, code: str) -> int:
    """Step over the divisions already read if they are written once more, or over 市辖区."""
    if not code:
        return start
    filler = FILLERS.match(text, start)
    if filler and (filler[0] != "县" or (code == "50" and scope(code).at(text, filler.end()))):
        return filler.end()
    end, ends_in_last = _once_more(text, start, code)
    if end == start:
        return start
    whole = ends_in_last or text[end - 1] in " ,，/"
    return end if whole or scope(code).at(text, end) else start


def _once_more(text: str, at: int, code: str) -> tuple[int, bool]:
    """Step over the names of a division and those above it; tell whether the deepest is there.

    No pattern: one for each of 3,000 districts takes longer to compile than an address to read.
    """
    *upper, last = (name for name in dict.fromkeys(divisions.names(code)) if name)
    for number, name in enumerate(upper):
        below = () if number else (*upper[1:], last)
        if length := _length(text, at, name, below):
            at = _between(text, at + length)
    return (at + len(last), True) if text.startswith(last, at) else (at, False)


def _length(text: str, at: int, name: str, below: tuple[str, ...]) -> int:
    """Return the length of the name at `at`: whole, or short right before one `below`; 0: none."""
    if text.startswith(name, at):
        return len(name)
    short = short_name(name)
    follows = text.startswith(short, at) and text.startswith(below, at + len(short))
    return len(short) if follows else 0


def _between(text: str, at: int) -> int:
    """Step over punctuation and 市辖区 between the names of divisions."""
    at = _skip(text, at)
    filler = FILLERS.match(text, at)
    return _skip(text, filler.end()) if filler else at


def _read_beyond(head: Head, text: str) -> None:
    """Take a district that is ambiguous, elsewhere, a zone, 其它区 or unknown, as it is written."""
    if head.code and _other_area(head, text):
        return
    several = scope(head.code).at(text, head.end)
    if several and len(several.codes) > 1:
        _ambiguous(head, text, several)
        return
    hit = scope("").at(text, head.end) if head.code else None
    if hit and head.code.startswith(hit.codes[0]):
        return
    alone = divisions.is_alone(head.code)
    # 东莞市城区 is plain speech for the middle of the town, not a district of another city.
    if hit and hit.kind == OFFICIAL and not ROAD_NAME.match(text, hit.end):
        if not (alone and len(hit.codes) > 1):
            _elsewhere(head, text, hit)
    elif head.names.city and not alone:
        _zone_or_unknown(head, text)


def _other_area(head: Head, text: str) -> bool:
    found = OTHER_AREA.match(text, head.end)
    if not found:
        return False
    below = read_head(text, found.end(), head.code)
    if level(below.code) > level(head.code) or divisions.is_alone(head.code):
        head.code, head.end, head.names = below.code, below.end, below.names
        head.problems += below.problems
    else:
        head.end = _skip(text, found.end())
        head.names = head.names._replace(district=found[0])
        head.problems.append(Problem.OTHER_AREA)
    return True


def _elsewhere(head: Head, text: str, hit: Hit) -> None:
    """Keep a city or district that lies in another province or city, and say so."""
    head.problems.append(Problem.MISMATCH)
    there = level(hit.codes[0])
    if there <= (2 if head.names.city else 1):
        return
    below = read_head(text, head.end)
    city = below.names.city if there == 2 else head.names.city
    district = below.names.district if there == 2 else text[head.end : hit.end]
    head.names = Names(head.names.province, city, district)
    head.end = below.end if there == 2 else hit.end


def _ambiguous(head: Head, text: str, hit: Hit) -> None:
    if hit.kind == SHORT:
        return
    head.problems.append(Problem.AMBIGUOUS)
    head.names = head.names._replace(district=text[head.end : hit.end])
    head.end = _skip(text, hit.end)


def _zone_or_unknown(head: Head, text: str) -> None:
    zone = ZONE.match(text, head.end)
    found = zone or UNKNOWN_DISTRICT.match(text, head.end)
    if not found or NO_DISTRICT_NAME.search(found[0]):
        return
    head.problems.append(Problem.ZONE if zone else Problem.NOT_IN_DIVISIONS)
    head.names = head.names._replace(district=found[0])
    head.end = _skip(text, found.end())
