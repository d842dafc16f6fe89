"""What the journal costs beside the change it records. The spine's part shows it."""

from typing import Any

from rich.console import Console

from gendan.bench.ground import Ground, ground
from gendan.bench.report import Row, terminal
from gendan.config import postgres

AIM = 2.5
LABELS = {
    "moved": "entry() and move() beside the bare UPDATE",
    "updated": "the same UPDATE, with the journal and without",
    "seven_columns": "an UPDATE of seven columns",
    "inserted": "an INSERT of orders",
    "inserted_lines": "an INSERT of their lines",
    "deleted_lines": "a DELETE of their lines",
    "thirteen_columns": "an UPDATE of a table of 13 columns and two indexes",
}


def measure(ground: Ground, *, quick: bool) -> dict[str, Any]:
    """Return `times_bare` of moving 10,000 orders, and each act's seconds with it and without."""
    with ground.database("journal") as site:
        return site.run("gendan.bench.journal_run", "1000" if quick else "10000")


def rows(facts: dict[str, Any]) -> list[Row]:
    """Return a line for each act; a deleted row is kept whole, and is held to no aim."""
    return [_row(name, facts["orders"], act) for name, act in facts["acts"].items()]


def _row(name: str, orders: int, act: dict[str, float]) -> Row:
    bare, journaled = (act[key] * 1000 for key in ("bare_s", "journaled_s"))
    is_aimed = name != "deleted_lines"
    return Row(
        what=f"Journal, {orders:,} orders: {LABELS[name]}",
        measured=f"{act['times_bare']:.2f} times ({bare:,.0f} ms bare, {journaled:,.0f} ms)",
        aim=f"≤ {AIM} times" if is_aimed else "",
        met=act["times_bare"] <= AIM if is_aimed else None,
    )


if __name__ == "__main__":
    with postgres.running():
        facts = measure(ground(), quick=False)
    Console().print(terminal("The journal", rows(facts)))
