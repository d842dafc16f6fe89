"""What of an order may leave before the rest of it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class PartingRules(models.Model):
    """Whether ready goods leave before presold ones, and whether sets part. There is one row."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    ready_first = models.BooleanField(_("what is ready leaves first"), default=True)
    sets_part = models.BooleanField(_("parts of a set may leave without the others"), default=False)

    class Meta:
        verbose_name = _("rules for what leaves first")
        constraints = (models.CheckConstraint(condition=Q(id=1), name="parting_rules_only_one"),)

    def __str__(self) -> str:
        return str(_("rules for what leaves first"))
