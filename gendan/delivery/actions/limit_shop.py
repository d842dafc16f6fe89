"""Says what a shop's platform takes, where it is not what the platform takes of everybody."""

from gendan.delivery.models import ShopLimit
from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.people.models import Shop


def limit_shop(shop: Shop, takes: str, *, by: Actor, why: str = "") -> None:
    """Let a shop's waybills be told as finely as `takes` says; empty: as the platform usually does.

    It counts for parcels that leave from now on.
    """
    with entry("shop.limited", by=by, why=why, shop=shop.name):
        if takes:
            ShopLimit.objects.update_or_create(shop=shop, defaults={"takes": takes})
        else:
            ShopLimit.objects.filter(shop=shop).delete()
