"""What an order's lines come to: prices, discounts, and where a clerk's authority ends. In fen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from gendan.catalog.models import Sku


@dataclass(frozen=True)
class NewLine:
    """Pieces of a SKU; no price: the SKU's own. `discount_fen` is for all the pieces."""

    sku_id: int
    quantity: int
    price_fen: int | None = None
    discount_fen: int = 0
    is_gift: bool = False


@dataclass(frozen=True)
class Priced:
    """A line with what it costs, and what it would cost by the list."""

    line: NewLine
    sku: Sku
    price_fen: int

    @property
    def list_fen(self) -> int:
        return self.sku.price_fen * self.line.quantity

    @property
    def goods_fen(self) -> int:
        """What the line comes to before its discount."""
        return self.price_fen * self.line.quantity

    @property
    def total_fen(self) -> int:
        return self.goods_fen - self.line.discount_fen

    @property
    def percent_off(self) -> Decimal:
        """How far below the list the line is sold, in percent; 0 if not below."""
        return percent_off(self.list_fen, self.total_fen)


@dataclass(frozen=True)
class Sums:
    """An order's money; `discount_fen` holds those of the lines and the order's own."""

    lines: Sequence[Priced]
    order_discount_fen: int = 0
    postage_fen: int = 0

    @property
    def list_fen(self) -> int:
        return sum(line.list_fen for line in self.lines)

    @property
    def goods_fen(self) -> int:
        return sum(line.goods_fen for line in self.lines)

    @property
    def discount_fen(self) -> int:
        return self.order_discount_fen + sum(line.line.discount_fen for line in self.lines)

    @property
    def total_fen(self) -> int:
        return self.goods_fen - self.discount_fen + self.postage_fen

    @property
    def percent_off(self) -> Decimal:
        return percent_off(self.list_fen, self.goods_fen - self.discount_fen)

    def unit_fen(self, line: Priced) -> Decimal:
        """Return what one piece is really sold for: the order's own discount is shared out."""
        before = self.goods_fen - self.discount_fen + self.order_discount_fen
        share = Decimal(self.order_discount_fen * line.total_fen) / before if before else Decimal(0)
        return (line.total_fen - share) / line.line.quantity


def priced(lines: Sequence[NewLine], skus: Mapping[int, Sku]) -> list[Priced]:
    """Return the lines whose SKU is known, with their prices."""
    return [
        Priced(line, sku, sku.price_fen if line.price_fen is None else line.price_fen)
        for line in lines
        if (sku := skus.get(line.sku_id))
    ]


def percent_off(list_fen: int, asked_fen: int) -> Decimal:
    """Return how many percent below the list price is asked, to one place; 0 if not below."""
    if list_fen <= 0 or asked_fen >= list_fen:
        return Decimal(0)
    off = Decimal(list_fen - asked_fen) * 100 / list_fen
    return off.quantize(Decimal("0.1"), ROUND_HALF_UP)
