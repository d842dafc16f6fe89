"""Sets that are made otherwise in one order: the customer took other goods for a part."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from gendan.catalog.models import Sku
from gendan.orders.models.order import Line


class SwappedPart(models.Model):
    """Instead of a part, the set of this line has other goods, as many of them."""

    line = models.ForeignKey(Line, models.PROTECT, related_name="swapped_parts", db_index=False)
    part = models.ForeignKey(Sku, models.PROTECT, related_name="+")
    instead = models.ForeignKey(Sku, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("part of a set, taken otherwise")
        constraints = (models.UniqueConstraint(fields=["line", "part"], name="swapped_part_once"),)

    def __str__(self) -> str:
        return f"{self.line_id}: {self.part_id} → {self.instead_id}"
