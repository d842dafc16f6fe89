"""Where the merchant sells and from where the goods leave."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Platform(models.TextChoices):
    TAOBAO = "TAOBAO", _("Taobao / Tmall")
    JD = "JD", _("JD")
    PINDUODUO = "PINDUODUO", _("Pinduoduo")
    DOUYIN = "DOUYIN", _("Douyin")
    YOUZAN = "YOUZAN", _("Youzan")
    SHOPIFY = "SHOPIFY", _("Shopify")
    OWN = "OWN", _("Own")


class ShopKind(models.TextChoices):
    WEB = "WEB", _("Web shop")
    STORE = "STORE", _("Store")
    PHONE = "PHONE", _("Phone and chat")
    DISTRIBUTOR = "DISTRIBUTOR", _("Distributor")


class Shop(models.Model):
    """One account on a platform, one store, one distributor: where an order comes from."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=80)
    platform = models.CharField(_("platform"), max_length=12, choices=Platform.choices)
    kind = models.CharField(_("kind"), max_length=12, choices=ShopKind.choices)
    ship_hours = models.PositiveSmallIntegerField(_("hours to ship"), default=48)
    uses_safety_stock = models.BooleanField(_("may sell the safety stock"), default=False)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("shop")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(platform__in=Platform.values), name="shop_platform_known"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=ShopKind.values), name="shop_kind_known"
            ),
        )

    def __str__(self) -> str:
        return self.name


class Warehouse(models.Model):
    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=80)
    contact = models.CharField(_("contact"), max_length=60, blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    division = models.CharField(_("division code"), max_length=12, blank=True)
    rank = models.PositiveSmallIntegerField(_("order of preference"), default=1)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("warehouse")

    def __str__(self) -> str:
        return self.name
