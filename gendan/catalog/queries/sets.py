"""What sets are made of, and how many of them the parts that are free make."""

from collections import defaultdict
from collections.abc import Collection

from django.db.models import F, IntegerField, Min, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, Greatest

from gendan.catalog.models import SetPart, Sku


def made_of(skus: Collection[int]) -> dict[int, dict[int, int]]:
    """Return the parts (SKU id -> pieces) of those of the SKUs (by id) that are sets."""
    parts: dict[int, dict[int, int]] = defaultdict(dict)
    rows = SetPart.objects.filter(set_id__any=list(skus)).order_by("pk")
    for pk, part, quantity in rows.values_list("set_id", "part_id", "quantity"):
        parts[pk][part] = quantity
    return dict(parts)


def parts_of(sku: Sku) -> "QuerySet[SetPart]":
    """Return what a set is made of, each with `free`: what is free of the part."""
    parts = SetPart.objects.filter(set=sku).select_related("part").order_by("pk")
    return parts.annotate(free=_free_of("part"))


def sets_with(sku: Sku) -> "QuerySet[SetPart]":
    """Return the sets that a SKU is a part of."""
    return SetPart.objects.filter(part=sku).select_related("set").order_by("set__code")


def free_sets() -> Subquery:
    """Return how many of an outer SKU's sets the free parts make; nothing if it is no set."""
    parts = SetPart.objects.filter(set=OuterRef("pk")).order_by()
    each = parts.annotate(makes=Greatest(_free_of("part"), 0) / F("quantity"))
    return Subquery(each.values("set").annotate(n=Min("makes")).values("n"))


def _free_of(path: str) -> Coalesce:
    lying = Sku.objects.filter(pk=OuterRef(path)).order_by().values("pk")
    free = lying.annotate(n=Sum(F("balances__on_hand") - F("balances__reserved"))).values("n")
    return Coalesce(Subquery(free, output_field=IntegerField()), 0)
