"""What goods are called: pinyin initials to type, and options as one specification."""

import re
from collections.abc import Mapping
from itertools import product

INITIALS = 60
PARTS = re.compile(r"[;；\n]")
PAIR = re.compile(r"([^:：]{1,20})[:：](.+)", re.DOTALL)
NOT_TYPED = re.compile(r"[^a-z0-9]")


def initials(text: str) -> str:
    """Return what somebody types for a name: `龙井 125克` is `lj125k`."""
    # Half a second, which only a change of goods need wait for.
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 (only when needed)

    letters = "".join(lazy_pinyin(text, style=Style.FIRST_LETTER))
    return NOT_TYPED.sub("", letters.lower())[:INITIALS]


def specification_of(options: Mapping[str, str]) -> str:
    """Return options as they stand on papers: `颜色：墨绿；尺码：M`."""
    return "；".join(f"{name}：{value}" for name, value in options.items())[:120]


def options_of(specification: str) -> dict[str, str]:
    """Return the options that a specification names; none if it is one plain word."""
    pairs = (PAIR.fullmatch(part.strip()) for part in PARTS.split(specification))
    return {pair[1].strip(): pair[2].strip() for pair in pairs if pair}


def grid(axes: Mapping[str, list[str]]) -> list[dict[str, str]]:
    """Return every combination of the axes' values: colours by sizes."""
    used = {name: values for name, values in axes.items() if name and values}
    return [dict(zip(used, values, strict=True)) for values in product(*used.values())]


def grid_code(style: str, number: int, options: Mapping[str, str]) -> str:
    """Return a code for a SKU of a style: the options where they are Latin, else a number."""
    latin = ["".join(re.findall(r"[A-Za-z0-9]", value)) for value in options.values()]
    short = all(
        text and len(text) <= 6 and text == value
        for text, value in zip(latin, options.values(), strict=True)
    )
    tail = "-".join(latin) if options and short else f"{number:02}"
    return f"{style}-{tail}".upper()[:60]
