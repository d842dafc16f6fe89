"""A wave: shipments that are picked together."""

from typing import Self

from django.db import models
from django.db.models import Func, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gendan.people.access import Worker, at_warehouses
from gendan.people.models import Person, Warehouse
from gendan.warehouse.models.carrier import Carrier


class WaveKind(models.TextChoices):
    URGENT = "URGENT", pgettext_lazy("a wave", "Urgent")
    SINGLE = "SINGLE", _("Single pieces")
    MULTI = "MULTI", _("Several pieces")
    MIXED = "MIXED", _("Mixed")


class WaveQuerySet(models.QuerySet["Wave"]):
    def visible_to(self, worker: Worker) -> Self:
        """Return the waves of the warehouses that the worker sees."""
        return self.filter(at_warehouses(worker))


class Wave(models.Model):
    number = models.CharField(
        _("wave number"),
        max_length=24,
        unique=True,
        db_default=Func(function="warehouse_wave_number"),
    )
    warehouse = models.ForeignKey(Warehouse, models.PROTECT, related_name="+")
    carrier = models.ForeignKey(Carrier, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(_("kind"), max_length=6, choices=WaveKind.choices)
    picker = models.ForeignKey(
        Person, models.PROTECT, verbose_name=_("picker"), null=True, related_name="+"
    )
    made_at = models.DateTimeField(_("made"), db_default=Now())
    picked_at = models.DateTimeField(_("picked"), null=True)

    objects = WaveQuerySet.as_manager()

    class Meta:
        verbose_name = _("wave")
        constraints = (
            models.CheckConstraint(condition=Q(kind__in=WaveKind.values), name="wave_kind_known"),
        )

    def __str__(self) -> str:
        return self.number
