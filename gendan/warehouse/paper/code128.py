"""Code 128 as every scanner reads it: text in, black bars out, in sets B and C."""

import re
from functools import lru_cache

SYMBOLS = tuple(
    re.findall(
        r"\d{6}",
        """
212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212
112232 122132 122231 113222 123122 123221 223211 221132 221231 213212 223112 312131
311222 321122 321221 312212 322112 322211 212123 212321 232121 111323 131123 131321
112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121
313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111
314111 221411 431111 111224 111422 121124 121421 141122 141221 112214 112412 122114
122411 142112 142211 241211 221114 413111 241112 134111 111242 121142 121241 114212
124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113
114311 411113 411311 113141 114131 311141 411131 211412 211214 211232
        """,
    )
)
"""Widths of bar, space, bar, space, bar, space in modules, by symbol value."""

END = "2331112"
TO_C, TO_B, START_B, START_C = 99, 100, 104, 105

RUNS = re.compile(r"^(?:\d\d){2,}|^\d\d$|(?:\d\d){2,}$|(?:\d\d){3,}(?!\d+$)|.")
"""Stretches worth writing as digit pairs (set C), or single characters (set B)."""


class NotEncodable(ValueError):
    """The text is empty or holds something else than printable ASCII."""


@lru_cache(maxsize=4096)
def bars(text: str) -> tuple[int, ...]:
    """The black bars as start, width, start, width... in modules, without quiet zones.

    :raises NotEncodable: if the text has other than printable ASCII characters
    """
    widths = "".join(SYMBOLS[value] for value in values(text)) + END
    found: list[int] = []
    at = 0
    for index, width in enumerate(map(int, widths)):
        if index % 2 == 0:
            found += (at, width)
        at += width
    return tuple(found)


def drawing(text: str) -> str:
    """The bars as an SVG picture one module high, to be stretched: one path, so edges stay sharp.

    :raises NotEncodable: if the text has other than printable ASCII characters
    """
    black = bars(text)
    starts, widths = black[::2], black[1::2]
    path = "".join(f"M{at} 0h{bar}v1h-{bar}z" for at, bar in zip(starts, widths, strict=True))
    size = f'width="{width(text)}" height="1" viewBox="0 0 {width(text)} 1"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} preserveAspectRatio="none">'
        f'<path d="{path}"/></svg>'
    )


def width(text: str) -> int:
    """How many modules wide the code is, without quiet zones."""
    return 11 * len(values(text)) + 13


def values(text: str) -> list[int]:
    """The symbol values from the start symbol to the check symbol.

    :raises NotEncodable: if the text has other than printable ASCII characters
    """
    if not re.fullmatch(r"[ -~]+", text):
        raise NotEncodable(text)
    coded = _start_and_data(text)
    check = coded[0] + sum(place * value for place, value in enumerate(coded[1:], start=1))
    return [*coded, check % 103]


def _start_and_data(text: str) -> list[int]:
    coded: list[int] = []
    in_pairs = None
    for run in _runs(text):
        pairs = len(run) > 1
        if pairs != in_pairs:
            coded.append(_switch(pairs, first=in_pairs is None))
            in_pairs = pairs
        coded += _pairs(run) if pairs else [ord(run) - 32]
    return coded


def _runs(text: str) -> list[str]:
    return RUNS.findall(text)


def _switch(pairs: bool, *, first: bool) -> int:
    if first:
        return START_C if pairs else START_B
    return TO_C if pairs else TO_B


def _pairs(digits: str) -> list[int]:
    return [int(digits[at : at + 2]) for at in range(0, len(digits), 2)]
