"""Who calls, and what they want: completion for the clerk at the order form."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import F, Q

from gendan.catalog.models import Sku
from gendan.catalog.queries import complete_sku, made_of
from gendan.customers.addresses import phone
from gendan.customers.models import Address, Customer, IdentityKind
from gendan.orders.models import Order
from gendan.people.models import Shop


@dataclass(frozen=True)
class CustomerFound:
    """A customer with where they had it sent, the last first, and what they bought last."""

    customer: Customer
    addresses: Sequence[Address] = ()
    orders: Sequence[Order] = ()


@dataclass(frozen=True)
class Free:
    warehouse: str
    pieces: int


@dataclass(frozen=True)
class SkuFound:
    """A SKU with what lies free in each warehouse, and what may be sold of it in all."""

    sku: Sku
    free: Sequence[Free] = field(default_factory=list)
    to_sell: int = 0


def customers_like(text: str, *, limit: int = 6) -> list[CustomerFound]:
    """Return the customers whose phone or name begins so, the most recent buyers first."""
    text = text.strip()
    digits = text.replace(" ", "").replace("-", "")
    if len(digits) < 2:
        return []
    if digits.isascii() and digits.isdecimal():
        matching = Q(phone__startswith=digits) if len(digits) > 3 else Q(pk__in=[])
    else:
        matching = Q(name__startswith=text)
    return _with_history(Customer.objects.filter(matching).order_by("-pk")[:limit])


def caller(customer: int | None, number: str) -> CustomerFound | None:
    """Return the customer who was chosen, or whose phone number it is."""
    found = Customer.objects.filter(pk=customer) if customer else Customer.objects.none()
    plain = str(phone(number))
    if not found and len(plain) > 6:
        found = Customer.objects.filter(
            identities__kind=IdentityKind.PHONE, identities__scope="", identities__value=plain
        )
    return next(iter(_with_history(found[:1])), None)


def _with_history(customers: Iterable[Customer]) -> list[CustomerFound]:
    people = list(customers)
    ids = [person.pk for person in people]
    addresses: dict[int, list[Address]] = defaultdict(list)
    for address in Address.objects.filter(customer_id__any=ids).order_by("-used_at", "-pk")[:60]:
        addresses[address.customer_id].append(address)
    orders: dict[int | None, list[Order]] = defaultdict(list)
    last = Order.objects.filter(customer_id__any=ids).order_by("-pk").select_related("shop")[:60]
    for order in last:
        orders[order.customer_id].append(order)
    return [
        CustomerFound(person, addresses[person.pk][:3], orders[person.pk][:3]) for person in people
    ]


def skus_like(text: str, *, shop: Shop | None = None, limit: int = 8) -> list[SkuFound]:
    """Return the SKUs that a code, barcode, pinyin initials or part of a name may mean."""
    return with_free(complete_sku(text, limit), shop)


def sku_meant(text: str) -> Sku | None:
    """Return the one SKU that was scanned or typed: its barcode, its code, or the only match."""
    text = text.strip()
    active = Sku.objects.filter(is_active=True)
    exact = active.filter(Q(barcode=text) | Q(code__iexact=text)).first() if text else None
    if exact:
        return exact
    near = skus_like(text, limit=2)
    return near[0].sku if len(near) == 1 else None


def with_free(skus: Iterable[Sku], shop: Shop | None) -> list[SkuFound]:
    """Return the SKUs with what is free of them."""
    skus = list(skus)
    free = sets_and_goods([sku.pk for sku in skus])
    keep = shop is None or not shop.uses_safety_stock
    return [
        SkuFound(
            sku,
            free[sku.pk],
            max(sum(f.pieces for f in free[sku.pk]) - (sku.safety_stock if keep else 0), 0),
        )
        for sku in skus
    ]


def sets_and_goods(ids: Collection[int]) -> dict[int, list[Free]]:
    """Return what lies unpromised in each warehouse; of a set what its parts make there."""
    made = made_of(ids)
    free = free_of({*ids, *(part for parts in made.values() for part in parts)})
    for pk, parts in made.items():
        lying = {
            part: {one.warehouse: one.pieces // number for one in free[part]}
            for part, number in parts.items()
        }
        first = next(iter(lying.values()))
        free[pk] = [
            Free(name, min(max(there.get(name, 0), 0) for there in lying.values()))
            for name in first
        ]
    return free


def free_of(ids: Collection[int]) -> dict[int, list[Free]]:
    """Return what lies unpromised in each warehouse, by SKU.

    The stock room comes after this one: its rows are asked for by the relation's name.
    """
    rows = (
        Sku.objects.filter(pk__any=list(ids), balances__warehouse__is_active=True)
        .order_by("balances__warehouse__rank", "balances__warehouse__pk")
        .values_list(
            "pk", "balances__warehouse__name", F("balances__on_hand") - F("balances__reserved")
        )
    )
    free: dict[int, list[Free]] = defaultdict(list)
    for sku, warehouse, pieces in rows:
        free[sku].append(Free(warehouse, pieces))
    return free
