"""Money that came in for an order, or went back."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gendan.orders.models.order import Order


class Method(models.TextChoices):
    PLATFORM = "PLATFORM", _("Platform")
    CASH = "CASH", _("Cash")
    TRANSFER = "TRANSFER", _("Bank transfer")
    WECHAT = "WECHAT", _("WeChat Pay")
    ALIPAY = "ALIPAY", _("Alipay")
    COD = "COD", _("Cash on delivery")


class Payment(models.Model):
    """One payment; a negative amount went back to the customer. Rows are only added."""

    # Not looked up when written: an order's row stays (docs/adr/0018).
    order = models.ForeignKey(Order, models.PROTECT, related_name="payments")
    method = models.CharField(_("method"), max_length=10, choices=Method.choices)
    amount_fen = models.BigIntegerField(_("amount"))
    reference = models.CharField(_("reference"), max_length=80, blank=True)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("payment")
        constraints = (
            models.UniqueConstraint(
                fields=["method", "reference"], condition=~Q(reference=""), name="payment_once"
            ),
            models.CheckConstraint(condition=~Q(amount_fen=0), name="payment_not_nothing"),
            models.CheckConstraint(
                condition=Q(method__in=Method.values), name="payment_method_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.method} {self.amount_fen}"
