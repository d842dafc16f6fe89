"""What is wrong with an expression, where, and what to do about it."""


class FindingError(ValueError):
    """An expression that cannot be read; it points at the characters and says what to write.

    `position` and `length` count characters of the expression as it was typed.
    """

    def __init__(self, message: str, position: int, length: int = 1, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.position = position
        self.length = length
        self.remedy = remedy

    @property
    def sentence(self) -> str:
        """What is wrong and what to do about it, without the place."""
        return f"{self.message} {self.remedy}".strip()


class Unreadable(ValueError):
    """A value that its kind cannot read; whoever knows its place makes a `FindingError` of it."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
