"""Which format a file is: by the names in its header, never by their order."""

from collections.abc import Iterable
from dataclasses import dataclass

from gendan.channels.formats import (
    douyin,
    jd,
    mapped,
    own,
    pinduoduo,
    shopify,
    taobao,
    youzan,
)
from gendan.channels.formats.format import Format

KNOWN: tuple[Format, ...] = (
    *taobao.FORMATS,
    *jd.FORMATS,
    *pinduoduo.FORMATS,
    *douyin.FORMATS,
    *youzan.FORMATS,
    *shopify.FORMATS,
    *own.FORMATS,
    *mapped.FORMATS,
)


@dataclass(frozen=True)
class Unknown:
    """No format has these columns; `nearest` misses the fewest, and `missing` says which."""

    nearest: Format
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Ambiguous:
    """Several formats fit equally well; a person chooses."""

    formats: tuple[Format, ...]


def recognise(
    headers: tuple[str, ...], saved: Iterable[Format] = ()
) -> Format | Ambiguous | Unknown:
    """Return the format whose columns these are; a mapping somebody saved comes first."""
    for choice in (tuple(saved), KNOWN):
        fitting = [each for each in choice if each.needs <= each.positions(headers).keys()]
        if fitting:
            return _best(fitting, headers)
    return _nearest(headers)


def _best(fitting: list[Format], headers: tuple[str, ...]) -> Format | Ambiguous:
    """The one that needs most wins, then the one that understands most columns."""

    def merit(each: Format) -> tuple[int, int]:
        understood = len(set(each.positions(headers).values()))
        return understood, len(each.needs)

    best = max(map(merit, fitting))
    winners = tuple(each for each in fitting if merit(each) == best)
    return winners[0] if len(winners) == 1 else Ambiguous(winners)


def _nearest(headers: tuple[str, ...]) -> Unknown:
    def absent(each: Format) -> tuple[str, ...]:
        found = each.positions(headers)
        return tuple(each.columns[name][0] for name in sorted(each.needs) if name not in found)

    nearest = min(KNOWN, key=lambda each: len(absent(each)) / len(each.needs))
    return Unknown(nearest, absent(nearest))
