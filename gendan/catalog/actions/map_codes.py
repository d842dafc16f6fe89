"""Saying which SKU a shop means by its own code."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from gendan.catalog.models import ShopCode, Sku
from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.ui.errors import Refused
from gendan.ui.importing import Upserted, upsert
from gendan.worklist.actions import close_items
from gendan.worklist.models import Kind


class UnknownSku(Refused):
    """A code was to be mapped to a SKU that is not there, or no longer sold."""


def map_codes(
    sku_of: Mapping[int, int], *, by: Actor, now: datetime, why: str = ""
) -> Sequence[ShopCode]:
    """Map shop codes (by id) to SKUs (by id); the work items about them are done.

    Orders that wait get their goods by `gendan.orders.actions.set_skus`.

    :raises UnknownSku: if a SKU is not there or no longer sold
    """
    sold = set(
        Sku.objects.filter(pk__any=list(sku_of.values()), is_active=True).values_list(
            "pk", flat=True
        )
    )
    if not set(sku_of.values()) <= sold:
        raise UnknownSku(_("This SKU is not sold. Look it up by its code or name."))
    with entry("shop_code.mapped", by=by, why=why, count=len(sku_of)):
        codes = list(ShopCode.objects.filter(pk__any=list(sku_of)))
        rows = [
            {"shop_id": code.shop_id, "code": code.code, "sku_id": sku_of[code.pk]}
            for code in codes
        ]
        done = upsert(ShopCode, ("shop_id", "code"), rows)
        _close(done, by=by, now=now)
    return done.all


def save_codes(
    rows: Sequence[Mapping[str, Any]], *, by: Actor, now: datetime, why: str = ""
) -> Upserted:
    """Add shop codes and change those that are there; rows name `shop_id`, `code` and `sku_id`."""
    with entry("shop_code.saved", by=by, why=why, count=len(rows)):
        done = upsert(ShopCode, ("shop_id", "code"), rows)
        _close(done, by=by, now=now)
    return done


def _close(done: Upserted, *, by: Actor, now: datetime) -> None:
    mapped = [code.pk for code in [*done.changed, *done.new] if code.sku_id]
    if mapped:
        close_items([Kind.UNMAPPED], "shop-code", mapped, by=by, now=now, why=_("Mapped"))
