"""What a check of the house finds: something that should add up, and does not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One difference: in which room, about what, what was expected and what is there.

    `subject` is a snake-case word such as `balance` or `order`, `number` what people call it.
    """

    room: str
    subject: str
    number: str
    what: str
    expected: str
    found: str

    def __str__(self) -> str:
        return (
            f"{self.room}: {self.subject} {self.number}: {self.what}: "
            f"{self.expected} expected, {self.found} found"
        )


def findings(room: str, rows: Iterable[Sequence[object]]) -> list[Finding]:
    """Return findings from rows of subject, number, what, expected and found."""
    return [Finding(room, *map(str, row)) for row in rows]
