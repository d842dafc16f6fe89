"""The money that is at stake in work items: each room says it of its own kinds, as it is now."""

from collections.abc import Callable

from django.db.models import BigIntegerField, Case, Subquery, Value, When

from gendan.worklist.models import Kind

STAKES: dict[str, Callable[[], Subquery]] = {}


def at_stake(kind: Kind, fen: Callable[[], Subquery]) -> None:
    """Let the items of a kind be worth the fen of an expression; the most money is done first."""
    STAKES[kind] = fen


def fen_at_stake() -> Case | Value:
    """Return what an item is worth, in fen; nothing where nobody says it of its kind."""
    of_kinds = [When(kind=kind, then=fen()) for kind, fen in STAKES.items()]
    nobody = Value(None, output_field=BigIntegerField())
    return Case(*of_kinds, default=nobody, output_field=BigIntegerField()) if of_kinds else nobody
