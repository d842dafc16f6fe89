"""Sets: one SKU in the shop, several goods in the parcel."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from gendan.catalog.models.goods import Sku


class SetPart(models.Model):
    """So many pieces of a SKU in one set. A set is never stocked itself, and no part is a set."""

    set = models.ForeignKey(Sku, models.PROTECT, verbose_name=_("set"), related_name="parts")
    part = models.ForeignKey(Sku, models.PROTECT, verbose_name=_("part"), related_name="part_of")
    quantity = models.PositiveSmallIntegerField(_("quantity"))

    class Meta:
        verbose_name = _("part of a set")
        ordering = ("set", "pk")
        constraints = (
            models.UniqueConstraint(fields=["set", "part"], name="set_part_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="set_part_quantity"),
            models.CheckConstraint(condition=~Q(set=F("part")), name="set_is_no_part_of_itself"),
        )

    def __str__(self) -> str:
        return f"{self.set_id}: {self.part_id} × {self.quantity}"
