"""Chasing payment: plans, first sight, what is due, said and answered, offers, and the end."""

from gendan.orders.actions.chase.answers import Reply
from gendan.orders.actions.chase.due import make_due
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
from gendan.orders.actions.chase.say import CannotChase, Said, note_outcome, say
from gendan.orders.actions.chase.see import see
from gendan.orders.actions.stop_chasing import stop_chasing

__all__ = [
    "CannotChase",
    "CannotPlan",
    "NewStep",
    "NotOffered",
    "Reply",
    "Said",
    "Term",
    "allow_offer",
    "chase_now",
    "expire_offers",
    "install_chasing",
    "make_due",
    "note_outcome",
    "offer",
    "refuse_offer",
    "save_chase_rules",
    "save_plan",
    "say",
    "see",
    "stop_chasing",
    "withdraw_offer",
]
