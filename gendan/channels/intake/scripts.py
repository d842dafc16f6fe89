"""The SQL of intake, read once."""

from importlib.resources import files

_SQL = files("gendan.channels.intake") / "sql"


def script(name: str) -> str:
    """Return the text of `sql/<name>.sql`."""
    return (_SQL / f"{name}.sql").read_text("utf-8")


TOLD_PART, TOLD = script("told_part"), script("told")
CODES, KNOWN = script("codes"), script("known")
BUYERS = script("buyers") + KNOWN
TURN, CUSTOMERS = script("turn") + KNOWN, script("customers")
ADDRESSES, NEW = script("addresses"), script("new")
CHANGE, CHANGED = script("change"), script("changed")
