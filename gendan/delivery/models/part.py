"""The parts of an order that travel apart, each with its own dates."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from gendan.orders.models import LaneStep, Order
from gendan.warehouse.models import Shipment


class PartForecast(models.Model):
    """When a part of an order leaves and arrives: one of its parcels, or what follows later.

    Only orders that travel in several parts have any; the order's own forecast is that of the part
    that stands furthest back. Counted again with it, and so without a journal. `step` none: it has
    left.
    """

    order = models.ForeignKey(Order, models.PROTECT, related_name="parts", db_index=False)
    shipment = models.ForeignKey(Shipment, models.CASCADE, null=True, related_name="+")
    step = models.CharField(_("step"), max_length=10, choices=LaneStep.choices, blank=True)
    promise_at = models.DateTimeField(_("promised for"), null=True)
    forecast_ship_at = models.DateTimeField(_("will leave"))
    forecast_arrive_at = models.DateTimeField(_("will arrive"), null=True)
    counted_at = models.DateTimeField(_("counted"))

    class Meta:
        verbose_name = _("forecast of a part")
        constraints = (
            models.UniqueConstraint(
                fields=["order", "shipment"], nulls_distinct=False, name="part_forecast_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.order_id} {self.shipment_id or ''}"
