"""`gendan psql`: a shell on the database."""

import subprocess
import sys

import click

from gendan.config import database, postgres, ready, server_user
from gendan.config.commands.frame import refusing


@click.command("psql", context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def command(arguments: tuple[str, ...]) -> None:
    """Open PostgreSQL's shell on Gendan's database.

    Everything is passed on to psql: gendan psql -c "SELECT 1". Changes to journaled tables are
    refused here as everywhere, unless they are made inside an entry.
    """
    with refusing(postgres.WillNotStart, server_user.CannotReach), postgres.running():
        ready.bring_up_to_date()
        shell = [str(postgres.program("psql")), database.url(), *arguments]
        status = subprocess.run(shell, check=False).returncode  # noqa: S603
    sys.exit(status)
