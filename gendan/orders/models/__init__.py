"""Orders and what belongs to them."""

from gendan.orders.models.amendment import (
    Amendment,
    AmendmentQuerySet,
    AmendmentState,
    AskedBy,
    Cause,
)
from gendan.orders.models.chasing import (
    Chase,
    ChaseAnchor,
    ChaseOffer,
    ChaseOrigin,
    ChaseOutcome,
    ChasePlan,
    ChaseReason,
    ChaseRules,
    ChaseStep,
    ChaseTouch,
    ClosingTerm,
    OfferState,
)
from gendan.orders.models.checking import Check, CheckItem, CheckRule, Mark, Tick
from gendan.orders.models.confirmation import (
    Answer,
    Confirmation,
    ConfirmationQuerySet,
    Said,
)
from gendan.orders.models.deadline import Deadline
from gendan.orders.models.draft import Draft
from gendan.orders.models.gift import (
    GiftLine,
    GiftRule,
    GiftTier,
    Measure,
    Reach,
    Scope,
    WhenOut,
)
from gendan.orders.models.instruction import Instruction, InstructionCode
from gendan.orders.models.invoice import Invoice
from gendan.orders.models.order import Line, Order, OrderQuerySet, RefundState
from gendan.orders.models.payment import Method, Payment
from gendan.orders.models.question import Question, QuestionQuerySet
from gendan.orders.models.sampling import (
    Fault,
    Sample,
    SampleFault,
    SampleQuerySet,
    Sampling,
)
from gendan.orders.models.surge import BigDay
from gendan.orders.models.swapped_part import SwappedPart
from gendan.orders.models.unmasking import Unmasking
from gendan.orders.models.urgency import LaneRules, LaneStep, Urgency, UrgencyEnd, UrgentLap

__all__ = [
    "Amendment",
    "AmendmentQuerySet",
    "AmendmentState",
    "Answer",
    "AskedBy",
    "BigDay",
    "Cause",
    "Chase",
    "ChaseAnchor",
    "ChaseOffer",
    "ChaseOrigin",
    "ChaseOutcome",
    "ChasePlan",
    "ChaseReason",
    "ChaseRules",
    "ChaseStep",
    "ChaseTouch",
    "Check",
    "CheckItem",
    "CheckRule",
    "ClosingTerm",
    "Confirmation",
    "ConfirmationQuerySet",
    "Deadline",
    "Draft",
    "Fault",
    "GiftLine",
    "GiftRule",
    "GiftTier",
    "Instruction",
    "InstructionCode",
    "Invoice",
    "LaneRules",
    "LaneStep",
    "Line",
    "Mark",
    "Measure",
    "Method",
    "OfferState",
    "Order",
    "OrderQuerySet",
    "Payment",
    "Question",
    "QuestionQuerySet",
    "Reach",
    "RefundState",
    "Said",
    "Sample",
    "SampleFault",
    "SampleQuerySet",
    "Sampling",
    "Scope",
    "SwappedPart",
    "Tick",
    "Unmasking",
    "Urgency",
    "UrgencyEnd",
    "UrgentLap",
    "WhenOut",
]
