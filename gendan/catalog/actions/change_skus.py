"""Changing one thing of many SKUs: on sale or not, safety stock."""

from typing import Any

from django.db.models import QuerySet

from gendan.catalog.models import Sku
from gendan.journal.actors import Actor
from gendan.journal.writing import entry


def change_skus(skus: "QuerySet[Sku]", *, by: Actor, why: str = "", **values: Any) -> int:
    """Set columns of all the SKUs to the same values; return how many were different."""
    different = skus.exclude(**values)
    with entry("sku.changed", by=by, why=why):
        return different.update(**values)
