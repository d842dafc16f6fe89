"""`gendan verify`: adds everything up again and compares."""

import sys
from dataclasses import asdict

import click

from gendan.config.commands.frame import as_json, house, progress, report


@click.command("verify")
@as_json
def command(as_json: bool) -> None:
    """Add up every balance, every order's money and every shipment's pieces again.

    Exit status 0 when all agree, 1 when something differs; each difference is named.
    """
    with house(), progress() as tell:
        from gendan.config.verify import verify

        findings = verify(tell)
    sentence = "\n".join(map(str, findings)) or "Everything adds up."
    facts = {"findings": [asdict(finding) for finding in findings]}
    report(facts, as_json=as_json, sentence=sentence)
    sys.exit(1 if findings else 0)
