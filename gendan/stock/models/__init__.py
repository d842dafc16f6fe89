"""Stock: a ledger with balances, who is promised what, what is short, and what is expected."""

from gendan.stock.models.ledger import Balance, Ledger, Location, Movement, Reservation, Shortage

__all__ = ["Balance", "Ledger", "Location", "Movement", "Reservation", "Shortage"]
