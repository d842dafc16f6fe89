"""Chasing payment: plans, first sight, what is due, said and answered, offers, and the end."""

from gendan.orders.actions.chase.answers import carry_out
from gendan.orders.actions.chase.due import make_due
from gendan.orders.actions.chase.leave import count_words
from gendan.orders.actions.chase.now import chase_now
from gendan.orders.actions.chase.offer import (
    NotOffered,
    allow_offer,
    expire_offers,
    offer,
    refuse_offer,
    withdraw_offer,
)
from gendan.orders.actions.chase.plans import (
    CannotPlan,
    NewStep,
    Term,
    install_chasing,
    save_chase_rules,
    save_plan,
)
from gendan.orders.actions.chase.say import note_outcome, say
from gendan.orders.actions.chase.see import see
from gendan.orders.actions.chase.there import (
    NotThere,
    changed_there,
    impossible_there,
    restored_there,
)
from gendan.orders.actions.stop_chasing import stop_chasing
from gendan.orders.chase_words import CannotChase, Said

__all__ = [
    "CannotChase",
    "CannotPlan",
    "NewStep",
    "NotOffered",
    "NotThere",
    "Said",
    "Term",
    "allow_offer",
    "carry_out",
    "changed_there",
    "chase_now",
    "count_words",
    "expire_offers",
    "impossible_there",
    "install_chasing",
    "make_due",
    "note_outcome",
    "offer",
    "refuse_offer",
    "restored_there",
    "save_chase_rules",
    "save_plan",
    "say",
    "see",
    "stop_chasing",
    "withdraw_offer",
]
