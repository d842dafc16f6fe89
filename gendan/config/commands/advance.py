"""`gendan advance`: everything that needs no person."""

import click

from gendan.config.commands.frame import as_json, house, operator, progress, report


@click.command("advance")
@click.option("--to", metavar="STAGE", help="Go no further than this stage, such as ALLOCATED.")
@as_json
def command(to: str | None, as_json: bool) -> None:
    """Move orders on, as far as no person is needed.

    Screening passes what no rule holds, stock is reserved by payment time, and so on up to --to.
    """
    with house(), progress() as tell:
        from gendan.config.advance import advance

        facts = advance(to, by=operator(), progress=tell)
    moved = ", ".join(f"{what} {count}" for what, count in facts.items()) or "nothing to do"
    report(facts, as_json=as_json, sentence=f"Moved on: {moved}.")
