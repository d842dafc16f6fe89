"""Staff, places and keys."""

from gendan.people.models.keys import ApiKey
from gendan.people.models.person import Person, PersonQuerySet, UsedPassword
from gendan.people.models.places import Platform, Shop, ShopKind, Warehouse

__all__ = [
    "ApiKey",
    "Person",
    "PersonQuerySet",
    "Platform",
    "Shop",
    "ShopKind",
    "UsedPassword",
    "Warehouse",
]
