"""Goods of a recalled parcel that are scanned back onto their shelves."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from gendan.catalog.models import Sku
from gendan.warehouse.models.shipment import Shipment

SUBJECT = "recalled shipment"
"""What the work item of a recalled parcel is about."""


class PutBack(models.Model):
    """So many pieces of a SKU were fetched for a recalled shipment, and so many are back.

    Its shipment and SKU are not looked up when it is written: their rows stay (docs/adr/0018).
    """

    shipment = models.ForeignKey(Shipment, models.PROTECT, related_name="put_backs", db_index=False)
    sku = models.ForeignKey(Sku, models.PROTECT, related_name="+", db_index=False)
    quantity = models.PositiveIntegerField(_("fetched"))
    counted = models.PositiveIntegerField(_("put back"), default=0)

    class Meta:
        verbose_name = _("goods to be put back")
        constraints = (
            models.UniqueConstraint(fields=["shipment", "sku"], name="put_back_once"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, counted__lte=F("quantity")),
                name="put_back_at_most_fetched",
            ),
        )

    def __str__(self) -> str:
        return f"{self.shipment_id}: {self.sku_id} {self.counted}/{self.quantity}"
