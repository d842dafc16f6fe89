"""What a platform says of an order, in ten words of ours."""

from collections.abc import Mapping

from gendan.ui.tables.cells import narrow

UNPAID = "UNPAID"
PAID = "PAID"
FORBIDDEN = "FORBIDDEN"
"""Paid but must not be shipped: risk control, group not complete, paused by the platform."""
REFUNDING = "REFUNDING"
SHIPPED = "SHIPPED"
FINISHED = "FINISHED"
CLOSED = "CLOSED"
UNKNOWN = "UNKNOWN"
"""A word we do not know yet; the order comes in and a person looks at it before it is shipped."""

PART = "PART"
"""Some of it is shipped. The act makes of it what is safe; no order keeps this word."""

STATES = (UNPAID, PAID, FORBIDDEN, REFUNDING, SHIPPED, FINISHED, CLOSED, UNKNOWN)

RANK = {
    UNPAID: 1,
    UNKNOWN: 2,
    PAID: 2,
    FORBIDDEN: 2,
    REFUNDING: 2,
    SHIPPED: 3,
    FINISHED: 4,
    CLOSED: 5,
}
"""How far along an order is; states of one rank may follow each other in any order."""

REFUND_NONE = "NONE"
REFUND_ASKED = "ASKED"
REFUND_DONE = "DONE"
REFUND_REFUSED = "REFUSED"
REFUNDS = (REFUND_NONE, REFUND_ASKED, REFUND_DONE, REFUND_REFUSED)


def plain(words: str) -> str:
    """Return a status text by which it is looked up: narrow punctuation, no blanks, upper case."""
    return "".join(narrow(words).split()).upper().replace("。", "")


def table(**groups: str) -> dict[str, str]:
    """Return a lookup from lists of texts, one list (separated by |) for each of our words."""
    return {plain(word): state for state, words in groups.items() for word in words.split("|")}


def mapped(words: str, known: Mapping[str, str], *, otherwise: str) -> str:
    """Return our word for a platform's, trying it without what stands in brackets too."""
    key = plain(words)
    if key in known:
        return known[key]
    return known.get(key.split("(")[0], otherwise)
