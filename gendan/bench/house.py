"""A child of the bench, at work inside the house: how it begins, tells and answers."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from gendan.config.ready import ready


@contextmanager
def open_house() -> Iterator[None]:
    """Set Django up on the database of the environment."""
    with ready():
        yield


def say(text: str) -> None:
    """Tell whoever waits what happens now."""
    click.echo(f"{time.strftime('%H:%M:%S')}    {text}", err=True)


def answer(facts: dict[str, Any]) -> None:
    """Give the parent the facts, as the last line of stdout."""
    click.echo(json.dumps(facts, ensure_ascii=False))
