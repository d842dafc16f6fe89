"""How an act says no, and how to tell that it could say nothing: the database was away."""

from django.db import InterfaceError, OperationalError

SHUTS_DOWN, CONNECTION = "57P", "08"


class Refused(Exception):
    """An act was not done; the sentence says why and what to do next. Nothing has changed."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def database_is_away(error: BaseException | None) -> bool:
    """Say whether an error means that the connection was lost, or none was to be had.

    Whether anything was changed is then not known: the answer to COMMIT may be what was lost.
    """
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    state = getattr(error.__cause__, "sqlstate", None) or CONNECTION
    return str(state).startswith((SHUTS_DOWN, CONNECTION))
