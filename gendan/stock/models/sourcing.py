"""From which warehouse orders are served: by rule, by distance, or by the house's preference."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gendan.people.models import Warehouse


class Prefers(models.TextChoices):
    RANK = "RANK", _("The warehouse's order of preference")
    NEAREST = "NEAREST", _("The nearest to the customer")


class Sourcing(models.Model):
    """How a warehouse is chosen where no rule says so: one row for the house."""

    prefers = models.CharField(
        _("first"), max_length=8, choices=Prefers.choices, default=Prefers.RANK
    )

    class Meta:
        verbose_name = _("choice of a warehouse")
        constraints = (
            models.UniqueConstraint(models.Value(1), name="sourcing_once"),
            models.CheckConstraint(
                condition=Q(prefers__in=Prefers.values), name="sourcing_prefers_known"
            ),
        )

    def __str__(self) -> str:
        return str(self.get_prefers_display())


class WarehouseRule(models.Model):
    """Orders that meet the condition (in the finding language) are served from here first."""

    name = models.CharField(_("name"), max_length=80)
    expression = models.TextField(_("condition"))
    warehouse = models.ForeignKey(
        Warehouse, models.PROTECT, verbose_name=_("warehouse"), related_name="+"
    )
    is_only = models.BooleanField(_("from nowhere else"), default=False)
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    is_on = models.BooleanField(_("on"), default=True)

    class Meta:
        verbose_name = _("warehouse rule")
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.name
