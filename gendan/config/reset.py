"""`make reset`: deletes this home, after asking."""

import shutil
import sys

import click

from gendan.config import database, home, postgres


def main() -> None:
    """Delete the home unless it is served at this moment."""
    folder = home.root()
    if not database.is_embedded():
        sys.exit("DATABASE_URL names a database that is not ours to delete. Unset it, or drop it.")
    if postgres.is_running(postgres.embedded()):
        sys.exit(f"Gendan is running in {folder}. Stop it first (Ctrl-C).")
    click.confirm(f"Delete {folder} with its database, files and secrets?", abort=True)
    shutil.rmtree(folder)
    click.echo("Deleted. The next `make run` begins anew.")


if __name__ == "__main__":
    main()
