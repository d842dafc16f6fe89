"""Stock: a ledger with balances, who is promised what, what is short, and what is expected."""

from gendan.stock.models.expected import ComesFrom, Expected, ExpectedState
from gendan.stock.models.ledger import Balance, Ledger, Location, Movement, Reservation, Shortage
from gendan.stock.models.parting import PartingRules
from gendan.stock.models.presale import Presale, PresaleClaim
from gendan.stock.models.shortage_case import (
    LIVE,
    CaseLine,
    CaseQuerySet,
    CaseState,
    Choice,
    FoundAt,
    Precedence,
    Rest,
    ShortageCase,
)
from gendan.stock.models.sourcing import Prefers, Sourcing, WarehouseRule

__all__ = [
    "LIVE",
    "Balance",
    "CaseLine",
    "CaseQuerySet",
    "CaseState",
    "Choice",
    "ComesFrom",
    "Expected",
    "ExpectedState",
    "FoundAt",
    "Ledger",
    "Location",
    "Movement",
    "PartingRules",
    "Precedence",
    "Prefers",
    "Presale",
    "PresaleClaim",
    "Reservation",
    "Rest",
    "Shortage",
    "ShortageCase",
    "Sourcing",
    "WarehouseRule",
]
