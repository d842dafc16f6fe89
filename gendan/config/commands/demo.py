"""`gendan demo`: a merchant of our own invention."""

import click

from gendan.config import assets, sign_ins
from gendan.config.commands.frame import as_json, house, progress, report


@click.command("demo")
@click.option("--empty", is_flag=True, help="Merchant, people and warehouses, but no orders.")
@as_json
def command(empty: bool, as_json: bool) -> None:
    """Load a believable merchant to try Gendan with, once a home.

    The sign-ins are shown by `gendan serve --demo`. A home that has its demo stays as it is.
    """
    if sign_ins.kept():
        report({"loaded": False}, as_json=as_json, sentence="The demo is here already.")
        return
    assets.compile_texts()  # the first command in a new copy: without, the demo would speak English
    with house(), progress() as tell:
        from gendan.config.demo import load

        facts = load(empty, tell)
    sign_ins.keep(facts["sign_ins"])
    sentence = f"The demo is loaded: {len(facts['sign_ins'])} people can sign in."
    report({"loaded": True, **facts}, as_json=as_json, sentence=sentence)
