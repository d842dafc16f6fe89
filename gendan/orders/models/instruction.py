"""Special instructions: what must be done differently with an order."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gendan.orders.models.order import Order


class InstructionCode(models.TextChoices):
    NO_PRICE = "NO_PRICE", _("No price in the parcel")
    GIFT_WRAP = "GIFT_WRAP", _("Gift wrap")
    CARD = "CARD", _("Card with text")
    URGENT = "URGENT", _("Urgent")
    DELIVER_ON = "DELIVER_ON", _("Deliver on a day")
    CALL_FIRST = "CALL_FIRST", _("Call before delivery")
    NO_LOGO = "NO_LOGO", _("Plain box without brand")
    OTHER = "OTHER", _("Other")


class Instruction(models.Model):
    order = models.ForeignKey(Order, models.PROTECT, related_name="instructions")
    code = models.CharField(_("instruction"), max_length=12, choices=InstructionCode.choices)
    text = models.CharField(_("text"), max_length=300, blank=True)
    on = models.DateField(_("day"), null=True, blank=True)

    class Meta:
        verbose_name = _("special instruction")
        constraints = (
            models.UniqueConstraint(fields=["order", "code", "text"], name="instruction_once"),
            models.CheckConstraint(
                condition=Q(code__in=InstructionCode.values), name="instruction_code_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_code_display()} {self.text}".strip()
