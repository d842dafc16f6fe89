"""A child of the bench, at work inside the house.

`python -m gendan.bench.house MODULE WORD…` sets Django up on the database of the environment,
calls the module's `main(*words)` and prints the facts that it returns as the last line of stdout.
"""

import json
import sys
from datetime import UTC, datetime
from importlib import import_module

import click

from gendan.config.ready import ready


def say(text: str) -> None:
    """Tell whoever waits what happens now."""
    click.echo(f"{datetime.now(UTC):%H:%M:%S}    {text}", err=True)


if __name__ == "__main__":
    with ready():
        facts = import_module(sys.argv[1]).main(*sys.argv[2:])
    click.echo(json.dumps(facts, ensure_ascii=False))
