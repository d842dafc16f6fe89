"""Search everywhere: one box over orders, shipments, customers and goods."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gendan.catalog.models import Sku
from gendan.catalog.queries import complete_sku
from gendan.customers.lists import quick as customer_quick
from gendan.customers.queries import customers_of
from gendan.orders.models import Order
from gendan.orders.quick import quick as order_quick
from gendan.people.models import Person
from gendan.ui.wording import masked_name, masked_phone, yuan
from gendan.warehouse.models import Shipment

SHOWN = 10
LONGEST = 100


@dataclass(frozen=True)
class Hit:
    """One thing that was found: what it is called, what is known of it, and where it is."""

    title: str
    text: str
    side: str
    url: str


@dataclass(frozen=True)
class Group:
    """The hits of one kind; `all_url` is the list with the same search."""

    label: Promise | str
    icon: str
    hits: Sequence[Hit]
    more: bool
    all_url: str


@dataclass(frozen=True)
class Place:
    """Where something may be found: for whom, how, and how a hit is written."""

    label: Promise | str
    icon: str
    permission: str
    list_url: str  # the name of the list's URL
    find: Callable[[str, Person], Sequence[Any]]
    hit: Callable[[Any], Hit]


def search(text: str, person: Person) -> list[Group]:
    """Return what the text may mean, in what the person may see; empty groups are left out."""
    text = " ".join(text.split())[:LONGEST]
    if not text:
        return []
    groups = (_group(place, text, person) for place in PLACES if person.may(place.permission))
    return [group for group in groups if group.hits]


def _group(place: Place, text: str, person: Person) -> Group:
    found = place.find(text, person)
    query = urlencode({"tab": "all", "q": text})
    return Group(
        label=place.label,
        icon=place.icon,
        hits=[place.hit(row) for row in found[:SHOWN]],
        more=len(found) > SHOWN,
        all_url=f"{reverse(place.list_url)}?{query}",
    )


def _first(rows: QuerySet[Any, Any]) -> Sequence[Any]:
    """One more than is shown tells that there are more."""
    return list(rows[: SHOWN + 1])


def _orders(text: str, person: Person) -> Sequence[Any]:
    found = Order.objects.visible_to(person).filter(order_quick(text))
    return _first(found.select_related("shop").order_by("-pk"))


def _shipments(text: str, person: Person) -> Sequence[Any]:
    """By number or waybill only: names and phones lead to their orders."""
    named = Q(number=text.upper()) | Q(waybill=text) | Q(waybill=text.upper())
    found = Shipment.objects.visible_to(person).filter(named)
    return _first(found.select_related("carrier").order_by("-pk"))


def _customers(text: str, person: Person) -> Sequence[Any]:
    return _first(customers_of(person).filter(customer_quick(text)).order_by("-pk"))


def _skus(text: str, person: Person) -> Sequence[Any]:
    return complete_sku(text, SHOWN + 1)


def _order(order: Order) -> Hit:
    name, phone = masked_name(order.receiver_name), masked_phone(order.receiver_phone)
    return Hit(
        order.number,
        " · ".join(filter(None, (str(order.shop), order.platform_order, name, phone))),
        str(order.get_stage_display()),
        reverse("order", args=[order.number]),
    )


def _shipment(shipment: Shipment) -> Hit:
    carrier = str(shipment.carrier) if shipment.carrier else ""
    return Hit(
        shipment.number,
        " · ".join(filter(None, (carrier, shipment.waybill))),
        str(shipment.get_stage_display()),
        reverse("shipment", args=[shipment.number]),
    )


def _customer(customer: Any) -> Hit:
    return Hit(
        masked_name(customer.name),
        " · ".join(filter(None, (masked_phone(customer.phone), customer.company))),
        customer.level,
        reverse("customer", args=[customer.pk]),
    )


def _sku(sku: Sku) -> Hit:
    return Hit(sku.code, str(sku), yuan(sku.price_fen), reverse("sku", args=[sku.pk]))


PLACES = (
    Place(_("Orders"), "order", "orders.see", "orders", _orders, _order),
    Place(_("Shipments"), "box", "warehouse.see", "shipments", _shipments, _shipment),
    Place(_("Customers"), "people", "customers.see", "customers", _customers, _customer),
    Place(_("Goods"), "tag", "catalog.see", "skus", _skus, _sku),
)
