"""Questions about stock."""

from gendan.stock.queries.standing import (
    PAGE,
    PROMISED,
    SHORTAGES,
    balances,
    holders,
    ledger,
    reserved_at,
    shortages,
    standing,
    waiting_for,
)

__all__ = [
    "PAGE",
    "PROMISED",
    "SHORTAGES",
    "balances",
    "holders",
    "ledger",
    "reserved_at",
    "shortages",
    "standing",
    "waiting_for",
]
