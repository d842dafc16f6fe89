"""Orders and what belongs to them."""

from gendan.orders.models.confirmation import Answer, Confirmation
from gendan.orders.models.draft import Draft
from gendan.orders.models.instruction import Instruction, InstructionCode
from gendan.orders.models.order import Line, Order, OrderQuerySet, RefundState
from gendan.orders.models.payment import Method, Payment
from gendan.orders.models.unmasking import Unmasking

__all__ = [
    "Answer",
    "Confirmation",
    "Draft",
    "Instruction",
    "InstructionCode",
    "Line",
    "Method",
    "Order",
    "OrderQuerySet",
    "Payment",
    "RefundState",
    "Unmasking",
]
