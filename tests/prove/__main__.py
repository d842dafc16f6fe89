"""`make prove`: runs the proofs in full, one after the other, and prints what came of each.

A proof is a module of this package with `prove() -> list[Row]`. It runs in a process of its own,
inside a fresh house: a migrated database and a home that are gone afterwards, Django set up.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from importlib import import_module
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from gendan.bench.ground import Ground, ground
from gendan.bench.report import MARKS, Row
from gendan.config import postgres
from gendan.config.ready import ready

HEAD = ("What", "Outcome", "Aim", "")
NAMES = ("flash_sale", "pairs", "any_order", "kill", "bad_files", "machines", "recovery", "damage")


def _prove(name: str) -> list[Row]:
    rows: list[Row] = import_module(f"tests.prove.{name}").prove()
    return rows


PROOFS: dict[str, Callable[[], list[Row]]] = {name: partial(_prove, name) for name in NAMES}


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(NAMES))
@click.option("--save", type=click.Path(path_type=Path), help="Write the table as Markdown.")
@click.option("--inside", is_flag=True, hidden=True, help="Run one proof in this process.")
def main(names: tuple[str, ...], save: Path | None, inside: bool) -> None:
    """Run the proofs of these NAMES in full; all of them without a name."""
    if inside:
        with ready():
            found = PROOFS[names[0]]()
        click.echo(json.dumps([asdict(row) for row in found], ensure_ascii=False))
        return
    rows = _run(names or NAMES)
    Console().print(_terminal(rows))
    if save:
        save.write_text(_markdown(rows), "utf-8")
    sys.exit(any(row.met is False for row in rows))


def _run(names: tuple[str, ...]) -> list[Row]:
    with postgres.running():
        where = ground()
        return [row for name in names for row in _run_one(name, where)]


def _run_one(name: str, where: Ground) -> list[Row]:
    where.say(name)
    with where.database(f"prove_{name}") as site:
        command = [sys.executable, "-m", "tests.prove", "--inside", name]
        done = subprocess.run(command, env=site.environment, stdout=subprocess.PIPE, check=False)
    if done.returncode:
        return [Row(name, f"ended with status {done.returncode}; its words are above", met=False)]
    return [Row(**told) for told in json.loads(done.stdout.splitlines()[-1])]


def _cells(row: Row) -> tuple[str, str, str, str]:
    return row.what, row.measured, row.aim, MARKS[row.met]


def _terminal(rows: list[Row]) -> Table:
    table = Table(title="Proven", title_justify="left", title_style="bold")
    for head in HEAD:
        table.add_column(head)
    for row in rows:
        table.add_row(*_cells(row), style="red" if row.met is False else None)
    return table


def _markdown(rows: list[Row]) -> str:
    lines = [HEAD, ("---",) * len(HEAD), *map(_cells, rows)]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


if __name__ == "__main__":
    main()
