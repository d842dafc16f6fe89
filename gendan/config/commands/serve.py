"""`gendan serve`: web, worker and database, until Ctrl-C."""

import click

from gendan.config import postgres, server_user, sign_ins
from gendan.config.commands.frame import refusing
from gendan.config.serving import CannotServe, Wish, serve


@click.command("serve")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--workers", type=click.IntRange(1, 64), default=1, help="Number of web processes.")
@click.option("--only", type=click.Choice(["web", "worker"]), help="On one machine of several.")
@click.option("--demo", is_flag=True, help="Play the courier and the mail server, show sign-ins.")
def command(port: int, host: str, workers: int, only: str | None, demo: bool) -> None:
    """Run Gendan: web, worker and database.

    Ctrl-C or SIGTERM ends all of it in order, and nothing that was not started here. With --demo a
    courier is simulated and every mail lands as a file in GENDAN_HOME/mail.
    """
    wish = Wish(host=host, port=port, workers=workers, demo=demo, only=only or "")
    with refusing(CannotServe, postgres.WillNotStart, server_user.CannotReach):
        serve(wish, say=lambda words: click.echo(words, err=True), greet=lambda: _greet(wish))


def _greet(wish: Wish) -> None:
    if wish.only == "worker":
        click.echo("\nGendan 跟单 works here in the background  (Ctrl-C ends it)")
        return
    click.echo(f"\nGendan 跟单 is at {click.style(wish.address, bold=True)}  (Ctrl-C ends it)")
    people = sign_ins.kept() if wish.demo else []
    if people:
        click.echo("Sign in as:")
    for person in people:
        click.echo(f"  {person['username']:<12} {person['password']:<16} {person['role']}")
    click.echo()
