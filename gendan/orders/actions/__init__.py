"""Everything that can happen to orders until they are screened; one file for each verb."""

from gendan.orders.actions.approve_price import approve_price, refuse_price
from gendan.orders.actions.cancel import cancel, close_unpaid
from gendan.orders.actions.change import change
from gendan.orders.actions.confirm import confirm, object_to
from gendan.orders.actions.pay import NewPayment, pay
from gendan.orders.actions.place import place
from gendan.orders.actions.read_again import read_again
from gendan.orders.actions.rewrite import rewrite
from gendan.orders.actions.send_confirmation import send_confirmation
from gendan.orders.actions.shipped_elsewhere import shipped_elsewhere
from gendan.orders.actions.tend import tend
from gendan.orders.actions.unmask import unmask
from gendan.orders.actions.urge import urge
from gendan.orders.entering import CannotPlace

__all__ = [
    "CannotPlace",
    "NewPayment",
    "approve_price",
    "cancel",
    "change",
    "close_unpaid",
    "confirm",
    "object_to",
    "pay",
    "place",
    "read_again",
    "refuse_price",
    "rewrite",
    "send_confirmation",
    "shipped_elsewhere",
    "tend",
    "unmask",
    "urge",
]
