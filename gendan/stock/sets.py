"""A set lies nowhere itself: what lies there are its parts."""

from collections import defaultdict
from collections.abc import Iterable

from django.utils.translation import gettext as _

from gendan.catalog.models import SetPart, Sku
from gendan.ui.errors import Refused


class IsSet(Refused):
    """Stock was to be written for a set."""


def refuse_sets(skus: Iterable[int]) -> None:
    """Refuse to write stock of sets (SKUs by id), within an act.

    The SKUs are locked: none becomes a set before the act ends.

    :raises IsSet: naming the parts that are to be written instead
    """
    ids = sorted(set(skus))
    list(Sku.objects.filter(pk__any=ids).order_by("pk").select_for_update(no_key=True).values("pk"))
    if found := made_of(ids):
        code, parts = min(found.values())
        raise IsSet(
            _("%(code)s is a set and lies nowhere itself. Enter its parts instead: %(parts)s.")
            % {"code": code, "parts": parts}
        )


def made_of(skus: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Return for those of the SKUs (by id) that are sets their code, and their parts by code."""
    rows = SetPart.objects.filter(set_id__any=list(skus)).select_related("set", "part")
    parts: dict[Sku, list[str]] = defaultdict(list)
    for row in rows.order_by("pk"):
        parts[row.set].append(f"{row.part.code} × {row.quantity}")
    return {sku.pk: (sku.code, ", ".join(told)) for sku, told in parts.items()}
