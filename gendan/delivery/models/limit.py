"""How finely a platform takes waybills: what it does not take cannot be written back."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gendan.people.models import Platform, Shop


class Takes(models.TextChoices):
    WHOLE = "WHOLE", _("One waybill for the whole order")
    SUB_ORDER = "SUB_ORDER", _("One waybill for each sub-order")
    QUANTITY = "QUANTITY", _("Several waybills for a sub-order, with their pieces")


# What the platforms' pages for sending in batches take; a shop that has been granted more (or
# less) says so itself, in a `ShopLimit`.
PLATFORM_TAKES: dict[str, Takes] = {
    Platform.TAOBAO: Takes.SUB_ORDER,
    Platform.JD: Takes.WHOLE,
    Platform.PINDUODUO: Takes.WHOLE,
    Platform.DOUYIN: Takes.SUB_ORDER,
    Platform.YOUZAN: Takes.WHOLE,
    Platform.SHOPIFY: Takes.WHOLE,
}


class ShopLimit(models.Model):
    """What a shop's platform takes from this shop, where it differs from the other shops there."""

    shop = models.OneToOneField(Shop, models.PROTECT, related_name="+")
    takes = models.CharField(_("takes"), max_length=9, choices=Takes.choices)

    class Meta:
        verbose_name = _("shop's limit")
        constraints = (
            models.CheckConstraint(condition=Q(takes__in=Takes.values), name="shop_limit_known"),
        )

    def __str__(self) -> str:
        return f"{self.shop_id}: {self.takes}"
