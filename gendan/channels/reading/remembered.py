"""What a text means, worked out once: titles, states and prices come again in row after row."""

from collections.abc import Callable
from typing import Any

MOST = 4096
LONGEST = 200
"""Texts remembered at a time, and characters of one: what a file holds must not fill the memory."""


class Remembered(dict[str, Any]):
    """Meanings by text; one that is asked for and not there is worked out."""

    def __init__(self, meaning: Callable[[str], Any]) -> None:
        super().__init__()
        self._meaning = meaning

    def __missing__(self, text: str) -> Any:
        value = self._meaning(text)
        if len(text) <= LONGEST:
            if len(self) >= MOST:
                self.clear()
            self[text] = value
        return value
