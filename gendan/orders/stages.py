"""The stages of an order, and the one table of the allowed moves."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Stage(TextChoices):
    DRAFT = "DRAFT", _("Draft")
    UNPAID = "UNPAID", _("Unpaid")
    UNCONFIRMED = "UNCONFIRMED", _("To confirm")
    SCREENING = "SCREENING", _("Screening")
    HELD = "HELD", _("Held")
    READY = "READY", pgettext_lazy("an order", "Ready")
    SHORT = "SHORT", _("Short")
    IN_PRODUCTION = "IN_PRODUCTION", _("In production")
    ALLOCATED = "ALLOCATED", _("Allocated")
    COMPLETED = "COMPLETED", _("Completed")
    CANCELLED = "CANCELLED", _("Cancelled")


OVER = (Stage.COMPLETED, Stage.CANCELLED)

# Read each line as: an order comes to the left stage from the stages on the right.
COMES_FROM: dict[Stage, tuple[Stage, ...]] = {
    Stage.UNPAID: (
        Stage.DRAFT,
        # Back, when other goods or prices cost more:
        Stage.UNCONFIRMED,
        Stage.SCREENING,
        Stage.HELD,
        Stage.READY,
        Stage.SHORT,
        Stage.IN_PRODUCTION,
        Stage.ALLOCATED,
    ),
    Stage.UNCONFIRMED: (Stage.DRAFT, Stage.UNPAID),
    Stage.SCREENING: (
        Stage.DRAFT,
        Stage.UNPAID,
        Stage.UNCONFIRMED,
        Stage.HELD,
        Stage.READY,
        Stage.SHORT,
        # Only when it was amended:
        Stage.IN_PRODUCTION,
        Stage.ALLOCATED,
    ),
    Stage.HELD: (Stage.SCREENING, Stage.READY, Stage.SHORT),
    Stage.READY: (Stage.SCREENING, Stage.HELD, Stage.SHORT, Stage.ALLOCATED),
    Stage.SHORT: (Stage.READY,),
    Stage.IN_PRODUCTION: (Stage.READY, Stage.SHORT),
    Stage.ALLOCATED: (Stage.READY, Stage.SHORT, Stage.IN_PRODUCTION),
    Stage.COMPLETED: (
        Stage.ALLOCATED,
        # Only when it was shipped elsewhere:
        Stage.UNPAID,
        Stage.UNCONFIRMED,
        Stage.SCREENING,
        Stage.HELD,
        Stage.READY,
        Stage.SHORT,
    ),
    Stage.CANCELLED: (
        Stage.DRAFT,
        Stage.UNPAID,
        Stage.UNCONFIRMED,
        Stage.SCREENING,
        Stage.HELD,
        Stage.READY,
        Stage.SHORT,
        Stage.IN_PRODUCTION,
        Stage.ALLOCATED,
    ),
}

# Where nobody has looked for the goods yet.
BEFORE_ITS_GOODS = (
    Stage.DRAFT,
    Stage.UNPAID,
    Stage.UNCONFIRMED,
    Stage.SCREENING,
    Stage.HELD,
    Stage.READY,
)

# Where an order waits for somebody or something before its goods are set aside.
BEFORE_THE_WAREHOUSE = (*BEFORE_ITS_GOODS, Stage.SHORT, Stage.IN_PRODUCTION)

# Paid and confirmed, and not over: what the house is at, and has promised for a day.
IN_HAND = (
    Stage.SCREENING,
    Stage.HELD,
    Stage.READY,
    Stage.SHORT,
    Stage.IN_PRODUCTION,
    Stage.ALLOCATED,
)


class PlatformState(TextChoices):
    """What the platform says of an order, in our words; its own words stay beside it."""

    NONE = "NONE", _("No platform")
    UNPAID = "UNPAID", _("Waits for payment")
    PAID = "PAID", _("Paid, to be shipped")
    FORBIDDEN = "FORBIDDEN", _("Paid, must not ship yet")
    SHIPPED = "SHIPPED", _("Shipped")
    FINISHED = "FINISHED", _("Finished")
    REFUNDING = "REFUNDING", _("Refund requested")
    CLOSED = "CLOSED", _("Closed")
    UNKNOWN = "UNKNOWN", _("Unknown")


# While the platform says one of these, nothing of the order may leave the warehouse.
MUST_NOT_SHIP = (PlatformState.FORBIDDEN, PlatformState.REFUNDING, PlatformState.CLOSED)


# What the platform says of an order that has left, from our house or from another one.
SHIPPED_ON_PLATFORM = (PlatformState.SHIPPED, PlatformState.FINISHED)


class Source(TextChoices):
    FILE = "FILE", _("Order file")
    COUNTER = "COUNTER", _("Counter")
    PHONE = "PHONE", _("Phone and chat")
    DISTRIBUTOR = "DISTRIBUTOR", _("Distributor")
    API = "API", _("API")


# The customer wrote these orders: nobody has to ask whether they are right.
WRITTEN_BY_THE_CUSTOMER = (Source.FILE, Source.API)
