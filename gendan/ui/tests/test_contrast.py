"""Colours of the stylesheet are readable (WCAG AA) in light and dark."""

import re
from pathlib import Path

import pytest

from gendan.ui import views

CSS = (Path(views.__file__).parent / "static" / "ui" / "gendan.css").read_text()
TOKEN = re.compile(r"--([\w-]+): (#[0-9a-f]{6});")

TEXT_ON_GROUNDS = [
    *((ink, ground) for ink in ("ink", "ink-2", "ink-3", "link", "bad", "good", "warn", "accent")
      for ground in ("paper", "surface", "raised", "hover")),
    *((ink, "sunken") for ink in ("ink", "ink-2", "ink-3")),
    *((ink, "selected") for ink in ("ink", "ink-2", "ink-3", "link")),
    *((tone, f"{tone}-soft") for tone in ("info", "good", "warn", "bad", "accent")),
    ("ink", "info-soft"), ("ink", "good-soft"), ("ink", "warn-soft"), ("ink", "bad-soft"),
    ("link", "bad-soft"), ("ink-2", "muted-soft"), ("on-strong", "strong"), ("on-accent", "accent"),
]  # fmt: skip


def tokens(start: str) -> dict[str, str]:
    block = CSS[CSS.index(start) :]
    return dict(TOKEN.findall(block[: block.index("}")]))


LIGHT = tokens(":root {")
DARK = tokens('html[data-theme="dark"] {')


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, two: str) -> float:
    low, high = sorted((luminance(one), luminance(two)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT_ON_GROUNDS)
def test_text_is_readable(text: str, ground: str, theme: dict[str, str]) -> None:
    assert contrast(theme[text], theme[ground]) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["raised", "surface", "paper"])
def test_controls_and_focus_are_visible(ground: str, theme: dict[str, str]) -> None:
    assert contrast(theme["line-control"], theme[ground]) >= 3
    assert contrast(theme["focus"], theme[ground]) >= 3


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("solid", ["bad-solid", "good-solid"])
def test_white_is_readable_on_the_scan_states(solid: str, theme: dict[str, str]) -> None:
    assert contrast("#ffffff", theme[solid]) >= 4.5


def test_dark_is_the_same_by_choice_and_by_system() -> None:
    assert tokens('html:not([data-theme="light"]) {') == DARK
