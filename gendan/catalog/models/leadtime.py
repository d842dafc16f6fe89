"""How long goods take that are made only when somebody wants them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gendan.catalog.models.goods import Sku


class LeadTime(models.Model):
    """So many days pass between payment and the day on which the goods can leave."""

    sku = models.OneToOneField(Sku, models.PROTECT, related_name="lead_time")
    days = models.PositiveSmallIntegerField(_("days to make it"))

    class Meta:
        verbose_name = _("lead time")
        constraints = (
            models.CheckConstraint(condition=Q(days__gt=0, days__lte=365), name="lead_time_sane"),
        )

    def __str__(self) -> str:
        return f"{self.sku_id}: {self.days}"
