"""`gendan import`: a shop's order files."""

import sys
from pathlib import Path
from typing import Any

import click

from gendan.config.commands.frame import as_json, house, operator, progress, report

SENTENCE = (
    "{platform}: {orders} orders with {lines} lines in {seconds:.1f} s: "
    "{new} new, {updated} updated, {unchanged} unchanged, {rejected} rejected."
)


@click.command("import")
@click.option("--shop", "shop_code", required=True, help="Code of the shop; a new one is created.")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@as_json
def command(shop_code: str, files: tuple[Path, ...], as_json: bool) -> None:
    """Take in a shop's order files as its platform exports them.

    Give files that belong together (orders and their details) in one call. The platform is known
    by the headers. The same file twice changes nothing, and an import that was interrupted is
    finished by running it again. Exit status 1: some rows could not be read; the good ones are in.
    """
    with house(), progress() as tell:
        from gendan.channels.actions import import_files

        facts = import_files(shop_code, list(files), by=operator(), progress=tell)
    opened = f" The shop {facts['shop']} was opened for it." if facts["shop_created"] else ""
    report(facts, as_json=as_json, sentence=SENTENCE.format(**facts) + opened)
    if not as_json:
        _name_bad_rows(facts["rows_in_error"])
    sys.exit(1 if facts["rejected"] or facts["rows_in_error"] else 0)


def _name_bad_rows(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        click.echo("{file}, row {row}, {field}: {message}".format(**row), err=True)
