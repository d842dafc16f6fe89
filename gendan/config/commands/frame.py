"""What all commands share: how they refuse, report and show progress.

Exit status: 0 done, 1 refused or something is wrong with the data, 2 called wrongly.
"""

import getpass
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

Progress = Callable[[str, int, int], None]

as_json = click.option("--json", "as_json", is_flag=True, help="Report as JSON on stdout.")


def report(facts: Any, *, as_json: bool, sentence: str) -> None:
    """Print what was done: for a program as JSON, for a person as a sentence."""
    click.echo(json.dumps(facts, ensure_ascii=False, default=_plain) if as_json else sentence)


def _plain(value: Any) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")


@contextmanager
def refusing(*reasons: type[Exception]) -> Iterator[None]:
    """Turn these exceptions into a sentence on stderr and exit status 1."""
    try:
        yield
    except reasons as reason:
        raise click.ClickException(str(reason)) from reason


@contextmanager
def house() -> Iterator[None]:
    """Have the database running and up to date and Django set up, speaking the shell's language."""
    from gendan.config.postgres import WillNotStart
    from gendan.config.ready import ready
    from gendan.config.server_user import CannotReach

    with refusing(WillNotStart, CannotReach), ready():
        from django.utils import translation

        from gendan.ui.errors import Refused

        with translation.override(_language()), refusing(Refused):
            yield


def _language() -> str:
    locale = os.environ.get("LC_ALL") or os.environ.get("LANG") or "en"
    return "zh-hans" if locale.startswith("zh") else "en"


def operator() -> Any:
    """Return who stands in the journal for what is done at the command line."""
    from gendan.journal.actors import Job

    return Job(f"gendan ({getpass.getuser()})")


@contextmanager
def progress() -> Iterator[Progress]:
    """Show a bar on stderr, if that is a terminal; tell it `(what, done, of)`."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Bars(
        *columns, TimeRemainingColumn(), console=console, disable=not console.is_terminal
    ) as bars:
        tasks: dict[str, Any] = {}

        def tell(what: str, done: int, of: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=of)
            bars.update(tasks[what], completed=done, total=of)

        yield tell
