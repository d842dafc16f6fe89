"""`gendan restore`: a backup back into an empty home."""

from pathlib import Path

import click

from gendan.config import home
from gendan.config.backup import CannotRestore, restore
from gendan.config.commands.frame import as_json, refusing, report
from gendan.config.postgres import WillNotStart
from gendan.config.server_user import CannotReach


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_json
def command(file: Path, as_json: bool) -> None:
    """Bring a backup FILE back into an empty GENDAN_HOME.

    A home that lives is never overwritten: exit status 1, and nothing has changed.
    """
    with refusing(CannotRestore, WillNotStart, CannotReach, OSError):
        manifest = restore(file)
    facts = {
        "home": home.root(),
        "made_at": manifest["made_at"],
        "members": len(manifest["members"]),
    }
    sentence = f"Restored the backup of {facts['made_at']} into {facts['home']}."
    report(facts, as_json=as_json, sentence=sentence)
