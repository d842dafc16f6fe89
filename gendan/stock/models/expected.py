"""Goods that are to come: what was ordered, is being made, or comes from another warehouse."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from gendan.catalog.models import Sku
from gendan.people.models import Warehouse


class ComesFrom(models.TextChoices):
    PURCHASE = "PURCHASE", _("Purchase")
    PRODUCTION = "PRODUCTION", _("Production")
    TRANSFER = "TRANSFER", _("Another warehouse")


class ExpectedState(models.TextChoices):
    OPEN = "OPEN", _("Expected")
    ARRIVED = "ARRIVED", _("Arrived")
    CALLED_OFF = "CALLED_OFF", _("Called off")


class Expected(models.Model):
    """Pieces of a SKU that come to a warehouse on a day; they may arrive in several deliveries."""

    sku = models.ForeignKey(Sku, models.PROTECT, verbose_name=_("SKU"), related_name="expected")
    warehouse = models.ForeignKey(
        Warehouse, models.PROTECT, verbose_name=_("warehouse"), related_name="+"
    )
    quantity = models.PositiveIntegerField(_("quantity"))
    arrived = models.PositiveIntegerField(_("arrived"), default=0)
    due_on = models.DateField(_("expected on"))
    reference = models.CharField(_("delivery number"), max_length=60)
    comes_from = models.CharField(
        _("comes from"), max_length=10, choices=ComesFrom.choices, default=ComesFrom.PURCHASE
    )
    state = models.CharField(
        _("state"), max_length=10, choices=ExpectedState.choices, default=ExpectedState.OPEN
    )

    class Meta:
        verbose_name = _("expected arrival")
        constraints = (
            models.UniqueConstraint(fields=["reference", "sku", "warehouse"], name="expected_once"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, arrived__lte=F("quantity")),
                name="expected_arrived_at_most_quantity",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ExpectedState.values), name="expected_state_known"
            ),
            models.CheckConstraint(
                condition=Q(comes_from__in=ComesFrom.values), name="expected_comes_from_known"
            ),
            models.CheckConstraint(condition=~Q(reference=""), name="expected_has_a_reference"),
        )
        indexes = (
            models.Index(fields=["sku", "due_on"], condition=Q(state="OPEN"), name="expected_open"),
            models.Index(fields=["due_on", "id"], name="expected_due"),
        )

    def __str__(self) -> str:
        return f"{self.reference}: {self.sku_id} × {self.quantity}"

    @property
    def outstanding(self) -> int:
        """How many pieces are still to come."""
        return self.quantity - self.arrived if self.state == ExpectedState.OPEN else 0
