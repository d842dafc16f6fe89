"""Bestsellers packed before anybody ordered them: only the label is missing (爆款预包)."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from gendan.catalog.models import Sku
from gendan.people.access import Worker, at_warehouses
from gendan.people.models import Warehouse


class PrepackQuerySet(models.QuerySet["Prepack"]):
    def visible_to(self, worker: Worker) -> "PrepackQuerySet":
        """Return the boxes in the worker's warehouses."""
        return self.filter(at_warehouses(worker))


class Prepack(models.Model):
    """Boxes with so many pieces of one SKU. They stay stock until a shipment takes one."""

    warehouse = models.ForeignKey(
        Warehouse, models.PROTECT, verbose_name=_("warehouse"), related_name="+"
    )
    sku = models.ForeignKey(Sku, models.PROTECT, verbose_name=_("SKU"), related_name="+")
    pieces = models.PositiveSmallIntegerField(_("pieces in a box"), default=1)
    boxes = models.PositiveIntegerField(_("boxes packed"))
    used = models.PositiveIntegerField(_("boxes sent"), default=0)
    made_at = models.DateTimeField(_("packed at"), db_default=Now())

    objects = PrepackQuerySet.as_manager()

    class Meta:
        verbose_name = _("pre-packed box")
        constraints = (
            models.UniqueConstraint(fields=["warehouse", "sku", "pieces"], name="prepack_once"),
            models.CheckConstraint(
                condition=Q(used__lte=F("boxes"), pieces__gt=0), name="prepack_sent_at_most_packed"
            ),
        )

    def __str__(self) -> str:
        return f"{self.sku} × {self.pieces}"

    @property
    def left(self) -> int:
        return self.boxes - self.used
