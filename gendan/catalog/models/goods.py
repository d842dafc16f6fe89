"""Products, their SKUs, and what each shop calls them."""

from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from gendan.people.models import Shop


class Bigrams(Func):
    """The pairs of neighbouring characters of a text: how a part of a Chinese word is found."""

    function = "catalog_bigrams"


class Product(models.Model):
    """A style (款): one article in several specifications."""

    style = models.CharField(_("style number"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=200)
    category = models.CharField(_("category"), max_length=60, blank=True)
    unit = models.CharField(_("unit"), max_length=10, default="件")
    care = models.TextField(_("care instructions"), blank=True)
    is_active = models.BooleanField(_("on sale"), default=True)

    class Meta:
        verbose_name = _("product")
        indexes = (GinIndex(Bigrams(F("title")), name="product_title_bigrams"),)

    def __str__(self) -> str:
        return self.title


MOST_MM = 10_000
MEASURE: Any = {  # as packed; nobody needs to have measured it
    "null": True,
    "blank": True,
    "validators": [MinValueValidator(1), MaxValueValidator(MOST_MM)],
}


class Sku(models.Model):
    """One specification of a product: what is priced, stocked, picked and packed."""

    product = models.ForeignKey(
        Product, models.PROTECT, verbose_name=_("product"), related_name="skus"
    )
    code = models.CharField(_("code"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=200)  # of the product; kept here to be fast
    specification = models.CharField(_("specification"), max_length=120, blank=True)
    options = models.JSONField(_("options"), default=dict)  # {"颜色": "墨绿", "尺码": "M"}
    barcode = models.CharField(_("barcode"), max_length=60, blank=True)
    weight_g = models.PositiveIntegerField(_("weight (g)"), default=0)
    length_mm = models.PositiveSmallIntegerField(_("length (mm)"), **MEASURE)
    width_mm = models.PositiveSmallIntegerField(_("width (mm)"), **MEASURE)
    height_mm = models.PositiveSmallIntegerField(_("height (mm)"), **MEASURE)
    price_fen = models.BigIntegerField(_("price"))
    floor_fen = models.BigIntegerField(_("floor price"), default=0)
    safety_stock = models.PositiveIntegerField(_("safety stock"), default=3)
    pinyin = models.CharField(_("pinyin initials"), max_length=60, blank=True)
    is_fragile = models.BooleanField(_("fragile"), default=False)
    is_active = models.BooleanField(_("on sale"), default=True)

    class Meta:
        verbose_name = _("SKU")
        constraints = (
            models.CheckConstraint(
                condition=Q(price_fen__gte=0, floor_fen__gte=0), name="sku_price_not_negative"
            ),
            models.UniqueConstraint(
                fields=["barcode"], condition=~Q(barcode=""), name="sku_barcode_once"
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{side}_mm__range": (1, MOST_MM)}), name=f"sku_{side}_sane"
                )
                for side in ("length", "width", "height")
            ),
        )
        indexes = (
            GinIndex(Bigrams(F("title")), name="sku_title_bigrams"),
            models.Index(fields=["pinyin"], name="sku_pinyin", opclasses=["text_pattern_ops"]),
        )

    def __str__(self) -> str:
        return f"{self.title} {self.specification}".strip()


class ShopCode(models.Model):
    """What a shop calls a SKU. One that nobody has mapped yet has no SKU and is a work item."""

    shop = models.ForeignKey(
        Shop, models.PROTECT, verbose_name=_("shop"), related_name="codes", db_index=False
    )
    code = models.CharField(_("shop's code"), max_length=200)
    sku = models.ForeignKey(
        Sku, models.PROTECT, verbose_name=_("SKU"), null=True, related_name="shop_codes"
    )
    seen_title = models.CharField(_("title in the shop"), max_length=300, blank=True)
    seen_specification = models.CharField(
        _("specification in the shop"), max_length=300, blank=True
    )

    class Meta:
        verbose_name = _("shop code")
        constraints = (models.UniqueConstraint(fields=["shop", "code"], name="shop_code_once"),)
        indexes = (models.Index(fields=["code", "id"], name="shop_code_in_order"),)

    def __str__(self) -> str:
        return self.code
