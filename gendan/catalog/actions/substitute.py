"""Saying what may be offered where a SKU cannot be had."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from gendan.catalog.models import Substitute
from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.ui.errors import Refused
from gendan.ui.importing import Upserted, upsert


class NoSubstitute(Refused):
    """A SKU was to stand in for itself, or is not sold."""


def substitute(rows: Sequence[Mapping[str, Any]], *, by: Actor, why: str = "") -> Upserted:
    """Say what may stand in for what; rows name `sku_id`, `instead_id`, `rank`, `keeps_price`.

    :raises NoSubstitute: if a SKU was to stand in for itself
    """
    if any(row["sku_id"] == row["instead_id"] for row in rows):
        raise NoSubstitute(_("Goods can't stand in for themselves. Choose others."))
    with entry("substitute.saved", by=by, why=why, count=len(rows)):
        return upsert(Substitute, ("sku_id", "instead_id"), rows)


def remove_substitutes(rows: "QuerySet[Substitute]", *, by: Actor, why: str = "") -> int:
    """Offer them no longer; return how many that were."""
    with entry("substitute.removed", by=by, why=why):
        ids = list(rows.order_by("pk").select_for_update().values_list("pk", flat=True))
        gone, _rows = Substitute.objects.filter(pk__any=ids).delete()
    return gone
