"""Staff, places and keys."""

from gendan.people.models.keys import ApiKey
from gendan.people.models.merchant import Merchant
from gendan.people.models.person import Person, PersonQuerySet, UsedPassword
from gendan.people.models.places import Platform, Shop, ShopKind, Warehouse

__all__ = [
    "ApiKey",
    "Merchant",
    "Person",
    "PersonQuerySet",
    "Platform",
    "Shop",
    "ShopKind",
    "UsedPassword",
    "Warehouse",
]
