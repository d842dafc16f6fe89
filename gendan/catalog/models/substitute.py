"""What may be offered where a SKU cannot be had."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from gendan.catalog.models.goods import Sku


class Substitute(models.Model):
    """A SKU that may take the place of another, the smallest rank first.

    The other specifications of a product need no row here: they are offered after these.
    """

    sku = models.ForeignKey(
        Sku, models.PROTECT, verbose_name=_("SKU"), related_name="substitutes", db_index=False
    )
    instead = models.ForeignKey(
        Sku, models.PROTECT, verbose_name=_("substitute"), related_name="stands_in_for"
    )
    rank = models.PositiveSmallIntegerField(_("rank"), default=1)
    keeps_price = models.BooleanField(_("at the price of the goods ordered"), default=False)

    class Meta:
        verbose_name = _("substitute")
        constraints = (
            models.UniqueConstraint(fields=["sku", "instead"], name="substitute_once"),
            models.CheckConstraint(
                condition=~Q(sku=F("instead")), name="substitute_is_something_else"
            ),
        )

    def __str__(self) -> str:
        return f"{self.sku_id} → {self.instead_id}"

    @property
    def difference_fen(self) -> int:
        """How much dearer a piece of it is by the list."""
        return self.instead.price_fen - self.sku.price_fen
