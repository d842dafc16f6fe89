"""Whom the invoice (发票) of an order is for."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gendan.orders.models.order import Order


class Invoice(models.Model):
    """Beside the order: few have one."""

    order = models.OneToOneField(Order, models.PROTECT, related_name="invoice")
    title = models.CharField(_("invoice to"), max_length=120)
    tax_number = models.CharField(_("tax number"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("invoice")
        constraints = (
            models.CheckConstraint(condition=~Q(title=""), name="invoice_is_to_somebody"),
        )

    def __str__(self) -> str:
        return f"{self.title} {self.tax_number}".strip()
