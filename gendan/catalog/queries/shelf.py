"""Goods with what is told about them in other tables."""

from django.db.models import Count, F, IntegerField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from gendan.catalog.models import Product, ShopCode, Sku
from gendan.catalog.queries.sets import free_sets
from gendan.catalog.queries.suggest import with_suggestion
from gendan.people.access import Worker, at_shops


def skus() -> "QuerySet[Sku]":
    """Return all SKUs with `free` (pieces nobody is promised) and `codes` (of shops).

    Of a set as many are free as its free parts make.
    """
    lying = Sku.objects.filter(pk=OuterRef("pk")).order_by().values("pk")
    free = lying.annotate(n=Sum(F("balances__on_hand") - F("balances__reserved"))).values("n")
    named = ShopCode.objects.filter(sku=OuterRef("pk")).order_by().values("sku")
    codes = named.annotate(n=Count("pk")).values("n")
    return Sku.objects.select_related("product").annotate(
        free=Coalesce(free_sets(), Subquery(free, output_field=IntegerField()), 0),
        codes=Coalesce(Subquery(codes, output_field=IntegerField()), 0),
    )


def products() -> "QuerySet[Product]":
    """Return all products with `sku_count` and what of them is free."""
    counted = Sku.objects.filter(product=OuterRef("pk"), is_active=True).order_by()
    lying = counted.values("product").annotate(
        n=Sum(F("balances__on_hand") - F("balances__reserved"))
    )
    number = counted.values("product").annotate(n=Count("pk"))
    return Product.objects.annotate(
        sku_count=Coalesce(Subquery(number.values("n"), output_field=IntegerField()), 0),
        free=Coalesce(Subquery(lying.values("n"), output_field=IntegerField()), 0),
    )


def shop_codes_of(worker: Worker) -> "QuerySet[ShopCode]":
    """Return what the shops that the worker sees call their goods, with suggestions."""
    codes = ShopCode.objects.filter(at_shops(worker)).select_related("shop", "sku")
    return with_suggestion(codes)
