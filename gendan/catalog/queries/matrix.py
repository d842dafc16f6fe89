"""The SKUs of a product as a table of two options: colours down, sizes across."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from gendan.catalog.models import Sku


@dataclass(frozen=True)
class Matrix:
    """`rows` are a value of the first option with the SKU under each value of the second."""

    down: str
    across: str
    columns: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Sku | None]]]


def matrix_of(skus: Iterable[Sku]) -> Matrix | None:
    """Return the SKUs as a matrix; None where they do not have the same two options each."""
    skus = list(skus)
    names = {tuple(sku.options) for sku in skus}
    if len(names) != 1 or len(axes := names.pop()) != 2:
        return None
    down, across = axes
    at = {(sku.options[down], sku.options[across]): sku for sku in skus}
    if len(at) != len(skus):
        return None
    columns = _values(skus, across)
    rows = [(one, [at.get((one, other)) for other in columns]) for one in _values(skus, down)]
    return Matrix(down, across, columns, rows)


def _values(skus: Iterable[Sku], name: str) -> list[str]:
    seen: Mapping[str, None] = dict.fromkeys(sku.options[name] for sku in skus)
    return list(seen)
