"""From which warehouses orders would be served, the first choice first."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache, lru_cache

from gendan.customers.addresses import split
from gendan.orders.conditions import first_met
from gendan.orders.models import Order
from gendan.people.models import Warehouse
from gendan.stock.distances import kilometres, position
from gendan.stock.models.sourcing import Prefers, Sourcing, WarehouseRule

FAR = 10**6  # of a place that nobody knows


@lru_cache(maxsize=1_000)
def _division_of(address: str) -> str:
    return split(address).code


def stands_in(warehouse: Warehouse) -> str:
    """Return the division of a warehouse: as it says itself, else by its address."""
    return warehouse.division or _division_of(warehouse.address)


def nowhere() -> list[Warehouse]:
    """Return the warehouses of which nobody knows how far they are from anywhere."""
    ranked = Warehouse.objects.filter(is_active=True).order_by("rank", "pk")
    return [warehouse for warehouse in ranked if position(stands_in(warehouse)) is None]


def preferences(orders: Sequence[int], *, now: datetime) -> dict[int, list[int]]:
    """Return the warehouses for each order that has a preference of its own (ids by order id).

    Those that are left out are served by the house's order of preference. Where the house has said
    nothing, this asks twice and returns nothing.
    """
    rules = list(WarehouseRule.objects.filter(is_on=True, warehouse__is_active=True))
    nearest = Sourcing.objects.filter(prefers=Prefers.NEAREST).exists()
    if not orders or not (rules or nearest):
        return {}
    ranked = list(Warehouse.objects.filter(is_active=True).order_by("rank", "pk"))
    found = _by_distance(orders, ranked) if nearest else {}
    usual = [warehouse.pk for warehouse in ranked]
    for order, rule in first_met(rules, orders, now=now).items():
        others = [pk for pk in found.get(order, usual) if pk != rule.warehouse_id]
        found[order] = [rule.warehouse_id, *([] if rule.is_only else others)]
    return found


def _by_distance(orders: Sequence[int], ranked: Sequence[Warehouse]) -> dict[int, list[int]]:
    @cache
    def nearest_to(city: str) -> list[int]:
        def far(warehouse: Warehouse) -> float:
            away = kilometres(stands_in(warehouse), city)
            return FAR if away is None else away

        return [warehouse.pk for warehouse in sorted(ranked, key=far)]  # equals keep their rank

    rows = Order.objects.numbered(orders).values_list("pk", "division")
    return {pk: list(nearest_to(division[:6])) for pk, division in rows}
