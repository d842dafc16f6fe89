"""An order with its lines in memory, while changes are carried out on it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models.functions import Upper
from django.utils.translation import gettext as _

from gendan.catalog.models import Sku
from gendan.orders.models import Line, Order
from gendan.orders.money import NewLine, Priced, Sums
from gendan.orders.newcomers import NewInstruction
from gendan.ui.errors import Refused
from gendan.ui.wording import yuan

WRITTEN = ("sku", "title", "specification", "quantity", "price_fen", "discount_fen", "total_fen")
"""What a change may write in a line that is there already, besides dropping it."""


class CannotAmend(Refused):
    """Something that is wanted does not fit the order; nothing was changed."""


@dataclass
class Sheet:
    """Changes are made to `order` and `lines`; what else is to be written is kept beside them.

    `skus` are found by their codes in capitals. `repriced` are the lines whose price somebody set
    (by their positions), `discounted` says so of the order's own discount: only these have to be
    within the authority of whoever confirms.
    """

    order: Order
    lines: list[Line]
    skus: Mapping[str, Sku]
    instructions: list[NewInstruction] | None = None
    invoice: tuple[str, str] | None = None
    repriced: set[int] = field(default_factory=set)
    discounted: bool = False
    own_discount_fen: int = field(init=False)
    columns: set[str] = field(default_factory=set)
    _nets: bool = field(init=False)

    def __post_init__(self) -> None:
        # Platforms tell the value of goods after the discounts of the lines, we before them.
        self._nets = self.order.goods_fen == self._sum("total_fen")
        apart = 0 if self._nets else self._sum("discount_fen")
        self.own_discount_fen = self.order.discount_fen - apart

    @property
    def active(self) -> list[Line]:
        return [line for line in self.lines if not line.is_cancelled]

    def line(self, position: int) -> Line:
        """Return the line at a position.

        :raises CannotAmend: if there is none, or it is a part of a set
        """
        line = next((line for line in self.active if line.position == position), None)
        if line is None:
            raise CannotAmend(
                _("Order %(order)s has no line %(line)s any more. Load the page again.")
                % {"order": self.order.number, "line": position}
            )
        if line.part_of_id:
            raise CannotAmend(
                _("Line %(line)s is a part of a set. Change the set's own line.")
                % {"line": position}
            )
        return line

    def parts(self, line: Line) -> list[Line]:
        """Return the parts of a set; nothing of other goods."""
        return [part for part in self.active if line.pk and part.part_of_id == line.pk]

    def sku(self, code: str) -> Sku:
        """Return the goods that a code names.

        :raises CannotAmend: if nobody knows them, or they are no longer sold
        """
        sku = self.skus.get(code.strip().upper())
        if sku is None:
            raise CannotAmend(_("Nobody knows the SKU “%s”. Look it up by its name.") % code)
        if not sku.is_active:
            raise CannotAmend(
                _("%(sku)s is no longer sold. Offer something else.") % {"sku": sku.code}
            )
        return sku

    def set(self, **columns: Any) -> None:
        """Let the order's columns say something else."""
        for name, value in columns.items():
            if getattr(self.order, name) != value:
                setattr(self.order, name, value)
                self.columns.add(name)

    def add_up(self) -> None:
        """Let the order's money follow from its lines.

        :raises CannotAmend: if discounts are larger than what they are of
        """
        for line in self.lines:  # dropped ones add up by themselves
            line.total_fen = line.quantity * line.price_fen - line.discount_fen
            if line.total_fen < 0:
                raise CannotAmend(
                    _("The discount of line %(line)s is more than the line costs, %(most)s.")
                    % {"line": line.position, "most": yuan(line.quantity * line.price_fen)}
                )
        goods = self._sum("total_fen")
        apart = 0 if self._nets else self._sum("discount_fen")
        order = self.order
        total = goods - self.own_discount_fen + order.postage_fen + order.adjust_fen
        if total < 0:
            raise CannotAmend(
                _("The discount of order %(order)s is larger than the order. Lower it.")
                % {"order": order.number}
            )
        self.set(
            goods_fen=goods + apart, discount_fen=self.own_discount_fen + apart, total_fen=total
        )

    def sums(self) -> Sums:
        """Return what the lines come to, in the order of `active`; gifts and parts are left out."""
        return Sums([_priced(line) for line in self.sold], self.own_discount_fen)

    @property
    def sold(self) -> list[Line]:
        """The lines that are sold for money."""
        return [
            line for line in self.active if line.sku and not line.is_gift and not line.part_of_id
        ]

    def _sum(self, name: str) -> int:
        return sum(getattr(line, name) for line in self.active)


def _priced(line: Line) -> Priced:
    sku: Any = line.sku
    new = NewLine(sku.pk, line.quantity, line.price_fen, line.discount_fen, line.is_gift)
    return Priced(new, sku, line.price_fen)


def by_code(codes: Iterable[str]) -> dict[str, Sku]:
    """Return the SKUs with these codes, in capitals or not, in one query."""
    wanted = {code.strip().upper() for code in codes}
    if not wanted:
        return {}
    found = Sku.objects.annotate(capitals=Upper("code")).filter(capitals__in=sorted(wanted))
    return {sku.code.upper(): sku for sku in found}
