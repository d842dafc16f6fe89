"""Two people, one thing: two real processes do what excludes each other, at the same instant.

One wins, the other is told why, and nothing is half done: the loser leaves no entry in the journal
and no change, and everything adds up.
"""

import re
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from django.db import connection

from gendan.bench.report import Row
from gendan.config.verify import verify
from gendan.journal.models import Entry
from gendan.people.models import Person
from gendan.ui.errors import Refused
from tests.prove.acts.house import NEVER
from tests.prove.cast import Cast, furnish
from tests.prove.duels import DUELS, ONE_PIECE, PLENTY, Duel
from tests.prove.racing import FORKS, deadlocks, together

TIMES = 200
LATEST = 0.005  # seconds that one of the two may begin later
NUMBERS = re.compile(r"[A-Z]{0,3}\d[\d-]*")


@dataclass(frozen=True)
class Outcome:
    """What became of one side of one round. `entries`: its own in the journal."""

    won: bool
    sentence: str = ""
    broke: str = ""
    entries: int = 0


def race(cast: Cast, duel: Duel, *, times: int, seed: int = 1) -> dict[str, Any]:
    """Let two processes meet so many times; return who won how often, and what the losers heard."""
    subjects = duel.prepare(cast, times)
    meet, before = FORKS.Barrier(2), deadlocks()

    def side(number: int) -> list[Outcome]:
        draw, me = Random(seed * 2 + number), cast.people[number]
        outcomes = []
        for subject in subjects:
            late = draw.choice((0, 0, draw.random() * LATEST))
            known = _entries(me)
            meet.wait(60)
            time.sleep(late)
            outcome = _try(duel, number, subject, me)
            outcomes.append(Outcome(*outcome, _entries(me) - known))
        return outcomes

    left, right = together(side, 2)
    return {
        "times": len(subjects),
        "misfits": [pair for pair in zip(left, right, strict=True) if not _fits(duel, *pair)],
        "won": dict(Counter(_named(duel, *pair) for pair in zip(left, right, strict=True))),
        "heard": dict(Counter(each.sentence for each in (*left, *right) if each.sentence)),
        "broke": dict(Counter(each.broke for each in (*left, *right) if each.broke)),
        "left_a_trace": sum(each.entries > 0 for each in (*left, *right) if each.sentence),
        "deadlocks": deadlocks() - before,
        "findings": [str(finding) for finding in verify()] + _never(),
    }


def _try(duel: Duel, number: int, subject: Any, me: Person) -> tuple[bool, str, str]:
    act = duel.acts[number]
    try:
        told = act(subject, me)
    except Refused as refusal:
        return False, f"{type(refusal).__name__}: {NUMBERS.sub('…', refusal.sentence)}", ""
    except Exception as error:
        return False, "", f"{type(error).__name__}: {error}"[:200]
    return told is not False, "", ""


def _fits(duel: Duel, left: Outcome, right: Outcome) -> bool:
    return (left.won, right.won) in duel.may_end


def _named(duel: Duel, left: Outcome, right: Outcome) -> str:
    names = [name for name, side in zip(duel.names, (left, right), strict=True) if side.won]
    return " and ".join(names) or "neither"


def _entries(me: Person) -> int:
    return Entry.objects.filter(actor_kind=me.actor_kind, actor_id=me.pk).count()


def _never() -> list[str]:
    found = []
    with connection.cursor() as cursor:
        for sentence, query in NEVER.items():
            cursor.execute(query)
            found += [f"{sentence}: {row}" for row in cursor.fetchall()]
    return found


def stage(times: int) -> Cast:
    """Make what all the duels need: plenty of one SKU, and SKUs of which there is one piece."""
    return furnish(people=3, pieces=[PLENTY] + [1] * (ONE_PIECE * times))


def prove() -> list[Row]:
    """Run every duel 200 times."""
    cast = stage(TIMES)
    return [row(duel, race(cast, duel, times=TIMES)) for duel in DUELS]


def row(duel: Duel, facts: dict[str, Any]) -> Row:
    """Return what the table says of one duel."""
    won = ", ".join(f"{name} {number}" for name, number in sorted(facts["won"].items()))
    return Row(
        f"Two people, one thing: {' against '.join(duel.names)}",
        f"{facts['times']} times: {won}; heard: {_classes(facts['heard']) or 'nothing'}",
        aim="one wins, the other is told why, nothing is half done",
        met=not faults(facts),
    )


def _classes(heard: dict[str, int]) -> str:
    return ", ".join(sorted({sentence.partition(":")[0] for sentence in heard}))


def faults(facts: dict[str, Any]) -> Sequence[Any]:
    """Return what should not have been."""
    wrong: list[Any] = [*facts["misfits"], *facts["broke"], *facts["findings"]]
    wrong += [f"{facts['left_a_trace']} losers left an entry"] * bool(facts["left_a_trace"])
    wrong += [f"{facts['deadlocks']} deadlocks"] * bool(facts["deadlocks"])
    return wrong
