"""Who gets what: a pure decision, first come first served, all or none of an order."""

from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field

Place = tuple[int, int]  # (SKU, warehouse)


@dataclass(frozen=True)
class Demand:
    """What an order needs: (line, SKU, quantity); from which warehouse, if that is decided.

    Of a set that does not part, `sets` names by line the set's own line, and the pieces in one.
    """

    order_id: int
    needs: Sequence[tuple[int, int, int]]
    warehouse_id: int | None = None
    uses_safety_stock: bool = False
    sets: Mapping[int, tuple[int, int]] = field(default_factory=dict)

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


@dataclass
class Share:
    """What of an order a warehouse can send now, and what is left; by line and SKU."""

    warehouse_id: int
    pieces: dict[tuple[int, int], int] = field(default_factory=dict)
    rest: dict[tuple[int, int], int] = field(default_factory=dict)


def decide(
    demands: Iterable[Demand],
    free: MutableMapping[Place, int],
    safety: Mapping[int, int],
    warehouses: Sequence[int],
    preferred: Mapping[int, Sequence[int]] | None = None,
) -> Decision:
    """Serve the demands in their order from the first warehouse that has everything.

    `free` is what is on hand and not promised, and is used up here; `safety` are the pieces of a
    SKU that only some shops may sell; `warehouses` stand in the order of preference;
    `preferred` are those of single orders (by id).
    """
    decision, own = Decision(), preferred or {}
    for demand in demands:
        wanted = demand.by_sku()
        usual = own.get(demand.order_id, warehouses)
        choices = [demand.warehouse_id] if demand.warehouse_id else usual
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


def share_out(
    demand: Demand,
    free: MutableMapping[Place, int],
    safety: Mapping[int, int],
    warehouses: Sequence[int],
) -> Share | None:
    """Return what the warehouse with the most pieces can send of an order; it is used up here.

    None without a warehouse. A share may be of nothing.
    """
    kept = {} if demand.uses_safety_stock else safety
    choices = [demand.warehouse_id] if demand.warehouse_id else warehouses
    shares = [_share(demand, place, free, kept) for place in choices]
    best = max(shares, key=lambda share: sum(share.pieces.values()), default=None)
    if best:
        for (_line, sku), pieces in best.pieces.items():
            free[sku, best.warehouse_id] -= pieces
    return best


def _share(
    demand: Demand, warehouse: int, free: Mapping[Place, int], safety: Mapping[int, int]
) -> Share:
    share = Share(warehouse)
    left = {
        sku: max(0, free.get((sku, warehouse), 0) - safety.get(sku, 0)) for sku in demand.by_sku()
    }
    for line, sku, quantity in demand.needs:
        there = min(left[sku], quantity)
        left[sku] -= there
        if there:
            share.pieces[line, sku] = there
        if there < quantity:
            share.rest[line, sku] = quantity - there
    return _whole_sets(share, demand)


def _whole_sets(share: Share, demand: Demand) -> Share:
    """Leave for later what does not make a whole set."""
    made: dict[int, int] = {}
    of_sets = [need for need in demand.needs if need[0] in demand.sets]
    for line, sku, quantity in of_sets:
        bearer, each = demand.sets[line]
        sets = share.pieces.get((line, sku), 0) // each
        made[bearer] = min(made.get(bearer, quantity), sets)
    for line, sku, quantity in of_sets:
        bearer, each = demand.sets[line]
        for goods, pieces in (
            (share.pieces, made[bearer] * each),
            (share.rest, quantity - made[bearer] * each),
        ):
            goods.pop((line, sku), None)
            if pieces:
                goods[line, sku] = pieces
    return share
