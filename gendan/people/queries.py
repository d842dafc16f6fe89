"""Questions about colleagues and places."""

from django.core.cache import cache

from gendan.people.access import Worker, at_shops, at_warehouses
from gendan.people.models import Merchant, Person, PersonQuerySet, Shop, Warehouse

KEEP = 30  # seconds that a page may show an old name of the merchant


def merchant() -> Merchant:
    """Return the merchant; a nameless one before the house has been furnished."""
    known: Merchant | None = cache.get("merchant")
    if known is None:
        known = Merchant.objects.first() or Merchant(name="Gendan")
        cache.set("merchant", known, KEEP)
    return known


def colleagues() -> PersonQuerySet:
    """Return everybody who works here, those who left too."""
    everybody: PersonQuerySet = Person.objects.order_by("-is_active", "name", "pk")
    return everybody


def shops_of(worker: Worker) -> "list[Shop]":
    """Return the active shops that the worker sees."""
    return list(Shop.objects.filter(at_shops(worker, "pk"), is_active=True).order_by("code"))


def warehouses_of(worker: Worker) -> "list[Warehouse]":
    """Return the active warehouses that the worker sees, the preferred one first."""
    return list(
        Warehouse.objects.filter(at_warehouses(worker, "pk"), is_active=True).order_by("rank", "pk")
    )
