"""The command line: `gendan`. Each command lives in a file of its own and is loaded when called."""

import os
from importlib import import_module

import click

from gendan.config import logs

COMMANDS = {
    "serve": "gendan.config.commands.serve",
    "import": "gendan.config.commands.import_orders",
    "advance": "gendan.config.commands.advance",
    "verify": "gendan.config.commands.verify",
    "demo": "gendan.config.commands.demo",
    "user": "gendan.config.commands.user",
    "psql": "gendan.config.commands.psql",
    "backup": "gendan.config.commands.backup",
    "restore": "gendan.config.commands.restore",
    "bench": "gendan.bench.command",
}


class Commands(click.Group):
    """Finds a command by its name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order in which a merchant meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command, and with it only what that command needs."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(COMMANDS[cmd_name])
        command: click.Command = module.command
        return command


@click.group(cls=Commands)
@click.version_option(package_name="gendan")
def main() -> None:
    """跟单 Gendan: from the customer's first question to the visit after the sale.

    Gendan keeps its database, files and secrets in GENDAN_HOME. Set DATABASE_URL to use another
    PostgreSQL 18 than its own. Every command says --help.
    """
    logs.configure({"level": os.environ.get("GENDAN_LOG_LEVEL", "INFO")})


if __name__ == "__main__":
    main()
