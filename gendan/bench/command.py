"""`gendan bench`: how fast this house is on this machine, beside the floor its database sets."""

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from gendan.bench.ground import BenchFailed, Ground, ground
from gendan.bench.machine import describe, guided
from gendan.bench.report import Row, markdown, replaced, terminal
from gendan.config import postgres
from gendan.config.commands.frame import refusing

PARTS = {
    "spine": "The spine: orders from a platform's file until they are delivered",
    "place": "Placing: one order a request, over HTTP with a key",
    "pages": "Pages with a million orders",
    "paper": "Paper: waybills and delivery notes",
    "stream": "Live updates to a thousand people",
    "start": "Starting, and at rest",
}


@click.command("bench")
@click.argument("parts", nargs=-1, type=click.Choice(list(PARTS)))
@click.option("--json", "as_json", is_flag=True, help="Print the facts as JSON on stdout.")
@click.option("--quick", is_flag=True, help="Small sizes: shows that it runs, not how fast it is.")
@click.option("--keep", is_flag=True, help="Keep the databases for the next run.")
@click.option(
    "--save",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the tables into this Markdown file, each in the place of its older self.",
)
def command(
    parts: tuple[str, ...], as_json: bool, quick: bool, keep: bool, save: Path | None
) -> None:
    """Measure Gendan in databases of its own, beside yours; all PARTS without a name.

    Every speed is printed with its ratio to the floor: the same work in hand-written SQL, measured
    in the same run. Nothing of yours is read or changed. The whole takes about half an hour and 20
    GB of disk while it runs.
    """
    with refusing(postgres.WillNotStart, BenchFailed), postgres.running():
        where = ground(keep=keep)
        facts = {"machine": describe(where.server)} | {
            part: _measure(part, where, quick=quick) for part in parts or PARTS
        }
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False))
    else:
        _show(facts)
    if save:
        _save(save, facts)


def _measure(part: str, where: Ground, *, quick: bool) -> dict[str, Any]:
    where.say(PARTS[part])
    facts: dict[str, Any] = import_module(f"gendan.bench.{part}").measure(where, quick=quick)
    return facts


def _rows(part: str, facts: dict[str, Any]) -> list[Row]:
    rows: list[Row] = import_module(f"gendan.bench.{part}").rows(facts)
    return rows


def _show(facts: dict[str, Any]) -> None:
    console = Console()
    console.print(_machine(facts["machine"]))
    for part in _measured(facts):
        console.print(terminal(PARTS[part], _rows(part, facts[part])))


def _save(page: Path, facts: dict[str, Any]) -> None:
    text = page.read_text("utf-8") if page.exists() else "# Benchmarks\n"
    for part in _measured(facts):
        table = markdown(PARTS[part], _rows(part, facts[part]))
        text = replaced(text, part, f"{table}\n{_machine(facts['machine'])}\n")
    page.write_text(text, "utf-8")


def _measured(facts: dict[str, Any]) -> list[str]:
    return [part for part in PARTS if part in facts]


def _machine(machine: dict[str, Any]) -> str:
    return (
        f"{machine['measured_at']}: {machine['cores']} cores ({machine['processor']}), "
        f"{machine['memory_gib']} GiB, {machine['system']}; {machine['python']} built "
        f"{guided(machine['profile_guided'])} profile-guided optimisation; "
        f"PostgreSQL {machine['postgresql_version']}, fsync {machine['postgresql_fsync']}, "
        f"shared_buffers {machine['postgresql_shared_buffers']}"
        f"; load at the start {machine['load_at_start']}"
    )
