"""Who gets what: a pure decision, first come first served, all or none of an order."""

from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field

Place = tuple[int, int]  # (SKU, warehouse)


@dataclass(frozen=True)
class Demand:
    """What an order needs: (line, SKU, quantity); from which warehouse, if that is decided."""

    order_id: int
    needs: Sequence[tuple[int, int, int]]
    warehouse_id: int | None = None
    uses_safety_stock: bool = False

    def by_sku(self) -> dict[int, int]:
        """Return the pieces needed of each SKU, duplicates added up."""
        total: dict[int, int] = {}
        for _line, sku, quantity in self.needs:
            total[sku] = total.get(sku, 0) + quantity
        return total


@dataclass
class Decision:
    """Which warehouse serves an order, and what each of the others lacks."""

    served: dict[int, int] = field(default_factory=dict)  # order -> warehouse
    lacking: dict[int, dict[int, int]] = field(default_factory=dict)  # order -> SKU -> pieces


def decide(
    demands: Iterable[Demand],
    free: MutableMapping[Place, int],
    safety: Mapping[int, int],
    warehouses: Sequence[int],
) -> Decision:
    """Serve the demands in their order from the first warehouse that has everything.

    `free` is what is on hand and not promised, and is used up here; `safety` are the pieces of a
    SKU that only some shops may sell; `warehouses` stand in the order of preference.
    """
    decision = Decision()
    for demand in demands:
        wanted = demand.by_sku()
        choices = [demand.warehouse_id] if demand.warehouse_id else warehouses
        kept = {} if demand.uses_safety_stock else safety
        lacking = []
        for place in choices:
            if lack := _lack(wanted, place, free, kept):
                lacking.append(lack)
                continue
            decision.served[demand.order_id] = place
            for sku, quantity in wanted.items():
                free[sku, place] -= quantity
            break
        else:
            decision.lacking[demand.order_id] = min(
                lacking, key=lambda lack: sum(lack.values()), default=wanted
            )
    return decision


def _lack(
    wanted: Mapping[int, int],
    warehouse: int,
    free: Mapping[Place, int],
    safety: Mapping[int, int],
) -> dict[int, int]:
    """Return the pieces of each SKU that a warehouse lacks."""
    lack = {}
    for sku, quantity in wanted.items():
        left = free.get((sku, warehouse), 0) - safety.get(sku, 0)
        if left < quantity:
            lack[sku] = quantity - max(0, left)
    return lack
