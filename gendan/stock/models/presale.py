"""Presale (预售): goods sold before they are there, out of a pool of their own, sent on a day."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from gendan.catalog.models import Sku
from gendan.orders.models import Line, Order
from gendan.people.models import Shop


class Presale(models.Model):
    """So many pieces of a SKU may be sold in a period; they are sent on a day, not before."""

    sku = models.ForeignKey(Sku, models.PROTECT, verbose_name=_("SKU"), related_name="presales")
    shop = models.ForeignKey(
        Shop, models.PROTECT, verbose_name=_("shop"), null=True, blank=True, related_name="+"
    )
    begins_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    pool = models.PositiveIntegerField(_("pool"))
    taken = models.PositiveIntegerField(_("taken"), default=0)
    ships_on = models.DateField(_("sent on"))

    class Meta:
        verbose_name = _("presale")
        constraints = (
            models.CheckConstraint(
                condition=Q(taken__lte=F("pool")), name="presale_taken_at_most_pool"
            ),
            models.CheckConstraint(
                condition=Q(begins_at__lt=F("ends_at")), name="presale_begins_before_it_ends"
            ),
        )
        indexes = (models.Index(fields=["ends_at", "id"], name="presale_ends"),)

    def __str__(self) -> str:
        return f"{self.sku_id}: {self.taken} / {self.pool}"

    @property
    def left(self) -> int:
        """How many pieces may still be sold."""
        return self.pool - self.taken


class PresaleClaim(models.Model):
    """Pieces of a pool that an order's line has; they wait until the instant.

    The whole order waits with them, or only they do.
    """

    presale = models.ForeignKey(Presale, models.PROTECT, related_name="claims")
    order = models.ForeignKey(Order, models.PROTECT, related_name="presale_claims")
    line = models.OneToOneField(Line, models.PROTECT, related_name="presale_claim")
    quantity = models.PositiveIntegerField(_("quantity"))
    waits_until = models.DateTimeField(_("waits until"))
    holds_order = models.BooleanField(_("the whole order waits"), default=True, db_default=True)

    class Meta:
        verbose_name = _("pieces of a presale")
        constraints = (
            models.CheckConstraint(condition=Q(quantity__gt=0), name="presale_claim_positive"),
        )

    def __str__(self) -> str:
        return f"{self.line_id} × {self.quantity}"
