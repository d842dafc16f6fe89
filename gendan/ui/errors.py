"""How an act says no, and how to tell why it could say nothing: of the database or of a value."""

from django.db import DataError, InterfaceError, OperationalError

SHUTS_DOWN, CONNECTION = "57P", "08"
TOO_LONG, OUT_OF_RANGE, NO_CHARACTER = "22001", "22003", "22021"


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


def cannot_be_kept(error: BaseException | None) -> bool:
    """Say whether an error means that a value was sent which no column takes. Nothing has changed.

    Such are the character NUL (which the driver refuses itself), half a character, and numbers and
    texts beyond what a column holds. Forms name the field; this is for what no form has looked at.
    """
    if isinstance(error, UnicodeEncodeError):
        return error.reason == "surrogates not allowed"
    if not isinstance(error, DataError):
        return False
    return getattr(error.__cause__, "sqlstate", None) in (
        None,
        TOO_LONG,
        OUT_OF_RANGE,
        NO_CHARACTER,
    )
