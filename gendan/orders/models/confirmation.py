"""The reading back of an order to its customer, and the answer."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gendan.orders.models.order import Order


class Answer(models.TextChoices):
    WAITING = "WAITING", _("Not answered")
    CONFIRMED = "CONFIRMED", _("Confirmed")
    OBJECTED = "OBJECTED", _("Something is wrong")


class Confirmation(models.Model):
    order = models.ForeignKey(Order, models.PROTECT, related_name="confirmations")
    mail = models.EmailField(_("mail"), blank=True)  # empty: read back by phone
    sent_at = models.DateTimeField(_("sent"), null=True)
    answer = models.CharField(
        _("answer"), max_length=10, choices=Answer.choices, default=Answer.WAITING
    )
    answered_at = models.DateTimeField(_("answered"), null=True)
    words = models.TextField(_("the customer's words"), blank=True)

    class Meta:
        verbose_name = _("confirmation")
        constraints = (
            models.CheckConstraint(
                condition=Q(answer__in=Answer.values), name="confirmation_answer_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.order_id} {self.answer}"
