"""Which divisions a piece of text can mean, given the division already read before it."""

from collections.abc import Iterable
from functools import cache, lru_cache
from typing import NamedTuple

from gendan.customers.addresses import divisions
from gendan.customers.addresses.spellings import OFFICIAL, OLD, SHORT, spellings

# 朝阳 alone is more often the district of Beijing than the city in Liaoning; nobody can tell.
NEVER_ALONE = frozenset({"朝阳", "兴安"})

SHORTEST = 2
"""Characters that every spelling has at least."""

LEVELS = {0: 0, 2: 1, 4: 2, 6: 3, 9: 4}
STREET_ENDINGS = ("街道", "镇", "乡", "区", "场", "办事处", "苏木", "管理委员会")


class Entry(NamedTuple):
    """What a spelling means: several codes if it is ambiguous."""

    kind: int
    level: int
    codes: tuple[str, ...]


class Hit(NamedTuple):
    """A spelling found in a text, from where it was looked for up to `end`."""

    end: int
    kind: int
    codes: tuple[str, ...]


class Scope:
    """Spellings to look for; the longest that fits wins."""

    def __init__(self, entries: dict[str, Entry]) -> None:
        self.entries = entries
        self.lengths: dict[str, tuple[int, ...]] = {}
        for name in sorted(entries, key=len, reverse=True):
            known = self.lengths.get(name[:SHORTEST], ())
            if len(name) not in known:
                self.lengths[name[:SHORTEST]] = (*known, len(name))

    def at(self, text: str, start: int) -> Hit | None:
        """Find the longest spelling that stands at `start`."""
        entries = self.entries
        for length in self.lengths.get(text[start : start + SHORTEST], ()):
            end = start + length
            if entry := entries.get(text[start:end]):
                return Hit(end, entry.kind, entry.codes)
        return None


@cache
def scope(code: str) -> Scope:
    """Everything below a division; for `""` the whole country down to districts."""
    if len(code) > 6:
        return Scope({})
    if len(code) == 6:
        return Scope(_streets(code))
    return Scope(_gather(_below(code))) if code else Scope(_country())


def _country() -> dict[str, Entry]:
    """Without what is below the cities of Taiwan: 和平区 alone is one of the mainland's."""
    found = _gather(c for c in _below("") if not (c.startswith("71") and level(c) == 3))
    return {name: entry for name, entry in found.items() if name not in NEVER_ALONE}


def _below(code: str) -> Iterable[str]:
    everything = (c for c in divisions.places() if c.startswith(code) and c != code)
    return (c for c in everything if _can_be_meant(c))


def _can_be_meant(code: str) -> bool:
    """Only a place on the list of choices: not 市辖区, nor the city 东莞市 beside 441900."""
    return divisions.above(code) is not None


@cache
def _spellings(code: str) -> tuple[tuple[str, Entry], ...]:
    names = divisions.names(code)
    above = tuple(name for name in names[: level(code) - 1] if name)
    written = spellings(code, divisions.places()[code], above)
    return tuple((name, Entry(kind, level(code), (code,))) for name, kind in written)


def _gather(codes: Iterable[str]) -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    for code in codes:
        for name, entry in _spellings(code):
            found[name] = _better(found.get(name), entry)
    return found


def _better(old: Entry | None, new: Entry) -> Entry:
    """An official name beats an old, an old one a short; of short ones the higher place wins."""
    if old is None or _rank(new) < _rank(old):
        return new
    if _rank(new) > _rank(old) or new.codes[0] in old.codes:
        return old
    return old._replace(codes=old.codes + new.codes)


def _rank(entry: Entry) -> tuple[int, int]:
    return entry.kind, entry.level if entry.kind == SHORT else 0


@lru_cache(maxsize=8192)
def level(code: str) -> int:
    """0 country, 1 province, 2 city (or a place without districts), 3 district, 4 street."""
    if divisions.is_alone(code):
        return 2
    return LEVELS[len(code)]


def _streets(district: str) -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    for code, name in divisions.streets(district).items():
        kind = OFFICIAL if name.endswith(STREET_ENDINGS) else SHORT
        found[name] = Entry(kind, 4, (code,))
        if name.endswith("街道"):
            found[f"{name}办事处"] = found[f"{name}办"] = Entry(OLD, 4, (code,))
    return found
