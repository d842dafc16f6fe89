"""Until when the platform itself wants an order to have left."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from gendan.orders.models.order import Order


class Deadline(models.Model):
    """What a platform's file says of the latest time to ship; where it is silent, there is none."""

    order = models.OneToOneField(Order, models.PROTECT, related_name="deadline")
    ship_by = models.DateTimeField(_("ship by"))

    class Meta:
        verbose_name = _("platform's deadline")

    def __str__(self) -> str:
        return f"{self.order_id}: {self.ship_by}"
