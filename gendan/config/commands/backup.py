"""`gendan backup`: all of a home in one file."""

from datetime import datetime
from pathlib import Path

import click

from gendan.config.backup import CannotBackUp, back_up
from gendan.config.commands.frame import as_json, refusing, report
from gendan.config.postgres import WillNotStart
from gendan.config.server_user import CannotReach


@click.command("backup")
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@as_json
def command(file: Path | None, as_json: bool) -> None:
    """Write the database, files and secrets into one FILE; Gendan may be running meanwhile.

    Only its owner may read the file: it holds the secrets. By default it is named after the time
    and lands in the current folder.
    """
    now = datetime.now().astimezone()
    target = (file or Path(f"gendan-{now:%Y%m%d-%H%M%S}.tar")).absolute()
    with refusing(CannotBackUp, WillNotStart, CannotReach, OSError):
        manifest = back_up(target)
    size = target.stat().st_size
    facts = {"file": target, "bytes": size, "members": len(manifest["members"])}
    sentence = f"Wrote {target}: {size / 1e6:.1f} MB, {len(manifest['members'])} parts."
    report(facts, as_json=as_json, sentence=sentence)
