"""A set lies nowhere itself: what lies there are its parts."""

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
    parts = SetPart.objects.filter(set_id__any=ids).order_by("set__code", "pk")
    if first := parts.select_related("set").first():
        made_of = first.set.parts.select_related("part").order_by("pk")
        raise IsSet(
            _("%(code)s is a set and lies nowhere itself. Enter its parts instead: %(parts)s.")
            % {
                "code": first.set.code,
                "parts": ", ".join(f"{one.part.code} × {one.quantity}" for one in made_of),
            }
        )
