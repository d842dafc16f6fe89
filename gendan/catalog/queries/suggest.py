"""Which SKU a shop probably means by a code that nobody has mapped."""

from django.db.models import CharField, Func, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from gendan.catalog.models import ShopCode, Sku

# Alike: how many pairs of neighbouring characters two names share, of all that either has.
ALIKE = """
(SELECT s.code
 FROM (SELECT catalog_bigrams(nullif(concat(%(expressions)s), '')) AS pairs) seen
 JOIN catalog_sku s ON s.is_active AND catalog_bigrams(s.title) && seen.pairs
 CROSS JOIN LATERAL (SELECT catalog_bigrams(s.title || s.specification) AS pairs) ours
 CROSS JOIN LATERAL (
   SELECT count(*)::float AS shared FROM unnest(seen.pairs) p WHERE p = ANY(ours.pairs)) same
 CROSS JOIN LATERAL (
   SELECT shared / (cardinality(seen.pairs) + cardinality(ours.pairs) - shared) AS part) share
 WHERE part > 0.35
 ORDER BY part DESC, s.code
 LIMIT 1)
"""


def with_suggestion(codes: "QuerySet[ShopCode]") -> "QuerySet[ShopCode]":
    """Return the shop codes with `suggested`: the code of a SKU that is the same, or alike.

    The same code comes first, then the same barcode, then the most similar title.
    """
    return codes.annotate(suggested=_suggested())


def meant_by(codes: "QuerySet[ShopCode]") -> list[Sku]:
    """Return the SKUs that the shop codes probably mean."""
    suggested = codes.annotate(suggested_sku=_suggested()).values("suggested_sku")
    return list(Sku.objects.filter(code__in=suggested))


def _suggested() -> Coalesce:
    active = Sku.objects.filter(is_active=True).order_by("code").values("code")
    same = active.filter(code__iexact=OuterRef("code"))
    scanned = active.filter(barcode=OuterRef("code"))
    return Coalesce(
        Subquery(same[:1]),
        Subquery(scanned[:1]),
        Func("seen_title", "seen_specification", template=ALIKE),
        output_field=CharField(),
    )
