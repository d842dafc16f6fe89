"""The order form as it was typed, half-filled or whole, and the order it asks for."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from gendan.customers.addresses import Address, split
from gendan.orders.forms.typed import day_of, fen_of, whole
from gendan.orders.lacking import Lack, lacks
from gendan.orders.models import InstructionCode
from gendan.orders.money import NewLine, Priced
from gendan.orders.newcomers import NewInstruction, NewOrder, Seller, Shelf, Wrong, wrongs
from gendan.orders.queries.lookups import SkuFound, with_free

LINE = ("line_sku", "line_quantity", "line_price", "line_discount")
ONCE = (
    "key",
    "turn",
    "shop",
    "customer",
    "receiver_name",
    "receiver_phone",
    "address",
    "mail",
    "buyer",
    "discount",
    "postage",
    "payment",
    "reference",
    "wish_on",
    "carrier_wish",
    "buyer_remark",
    "warehouse_remark",
)
LATER, COD = "LATER", "COD"


@dataclass(frozen=True)
class TypedLine:
    """A line as it stands in the form."""

    sku: str
    quantity: str = "1"
    price: str = ""
    discount: str = ""


@dataclass(frozen=True)
class Filled:
    """What was typed: each field's values by its name."""

    data: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, posted: QueryDict) -> "Filled":
        """Take the form's own fields out of what was posted."""
        names = (*ONCE, *LINE, "instruction", *(f"text_{code}" for code in InstructionCode.values))
        return cls({name: posted.getlist(name) for name in names if name in posted})

    def text(self, name: str) -> str:
        """Return what was typed into a field, without blanks around it."""
        values = self.data.get(name) or [""]
        return str(values[0]).strip()

    def __getitem__(self, name: str) -> str:
        """Return the text of a field, in code and in templates.

        :raises KeyError: if the form has no such field
        """
        if name not in ONCE and not name.startswith("text_"):
            raise KeyError(name)
        return self.text(name)

    @property
    def is_empty(self) -> bool:
        """Whether nothing worth keeping has been typed."""
        kept = ("receiver_name", "receiver_phone", "address", "warehouse_remark", "line_sku")
        return not any(self.text(name) for name in kept)

    @property
    def lines(self) -> list[TypedLine]:
        columns = [list(self.data.get(name) or ()) for name in LINE]
        return [
            TypedLine(*(column[row] if row < len(column) else "" for column in columns))
            for row in range(len(columns[0]))
        ]

    @property
    def instructions(self) -> Sequence[str]:
        return [str(code) for code in self.data.get("instruction") or ()]

    def with_lines(self, lines: Sequence[TypedLine]) -> "Filled":
        """Return the form with other lines."""
        values = {
            "line_sku": [line.sku for line in lines],
            "line_quantity": [line.quantity for line in lines],
            "line_price": [line.price for line in lines],
            "line_discount": [line.discount for line in lines],
        }
        return Filled({**self.data, **values})

    def add(self, sku: int) -> "Filled":
        """Return the form with one more piece of a SKU."""
        lines = self.lines
        for row, line in enumerate(lines):
            if line.sku == str(sku):
                more = str((whole(line.quantity) or 0) + 1)
                lines[row] = TypedLine(line.sku, more, line.price, line.discount)
                return self.with_lines(lines)
        return self.with_lines([*lines, TypedLine(str(sku))])

    def drop(self, row: int) -> "Filled":
        """Return the form without a line."""
        return self.with_lines([line for n, line in enumerate(self.lines) if n != row])

    @cached_property
    def place(self) -> Address:
        """The address as it is understood."""
        return split(self.text("address"))

    def new_order(self, *, asks_approval: bool = False) -> NewOrder:
        """Return the order that is asked for; what cannot be read counts as not given."""
        return NewOrder(
            shop_id=whole(self["shop"]) or 0,
            lines=[self._line(line) for line in self.lines],
            receiver_name=self["receiver_name"][:80],
            receiver_phone=self["receiver_phone"][:40],
            address=self.place,
            instructions=list(self._instructions()),
            customer_id=whole(self["customer"]),
            mail=self["mail"][:254],
            buyer=self["buyer"][:120],
            discount_fen=fen_of(self["discount"]) or 0,
            postage_fen=fen_of(self["postage"]) or 0,
            is_cod=self["payment"] == COD,
            wish_on=day_of(self["wish_on"]),
            carrier_wish=self["carrier_wish"][:20],
            buyer_remark=self["buyer_remark"],
            warehouse_remark=self["warehouse_remark"],
            asks_approval=asks_approval,
        )

    def _line(self, line: TypedLine) -> NewLine:
        return NewLine(
            sku_id=whole(line.sku) or 0,
            quantity=whole(line.quantity) or 0,
            price_fen=fen_of(line.price) if line.price.strip() else None,
            discount_fen=fen_of(line.discount) or 0,
        )

    def _instructions(self) -> Iterator[NewInstruction]:
        for code in dict.fromkeys(self.instructions):
            yield NewInstruction(code, self[f"text_{code}"][:300])

    def unreadable(self) -> Iterator[Wrong]:
        """Return the amounts and days that nobody can read."""
        sentence = _("Write an amount like 128 or 128.50.")
        for name in ("discount", "postage"):
            if self[name] and fen_of(self[name]) is None:
                yield Wrong(name, sentence)
        for row, line in enumerate(self.lines):
            if any(text.strip() and fen_of(text) is None for text in (line.price, line.discount)):
                yield Wrong("lines", sentence, line=row)
        if self["wish_on"] and day_of(self["wish_on"]) is None:
            yield Wrong("wish_on", _("There is no such day."))


@dataclass(frozen=True)
class Row:
    """A line of the form with its goods, what is free of them, and what is wrong."""

    number: int
    typed: TypedLine
    found: SkuFound | None
    priced: Priced | None
    wrong: Wrong | None


class Desk:
    """What the form shows at one moment: sums, free stock, and what stands in the way."""

    def __init__(self, filled: Filled, by: Seller, *, asks_approval: bool = False) -> None:
        self.filled = filled
        self.new = filled.new_order(asks_approval=asks_approval)
        self.shelf = Shelf.of([self.new], by)
        self.sums = self.shelf.sums(self.new)
        self.wrongs = [*filled.unreadable(), *wrongs(self.new, self.shelf, by)]

    @property
    def shop(self) -> Any:
        return self.shelf.shops.get(self.new.shop_id)

    @property
    def said(self) -> dict[str, str]:
        """The first sentence for each field that has one."""
        said: dict[str, str] = {}
        for wrong in self.wrongs:
            if wrong.line is None:
                said.setdefault(wrong.field, wrong.sentence)
        return said

    @property
    def said_already(self) -> dict[str, str]:
        """As `said`, of fields that have been filled: nobody is scolded before they type."""
        return {
            name: sentence
            for name, sentence in self.said.items()
            if name in ("instructions", "discount") or self.filled.text(name)
        }

    @property
    def needs_approval(self) -> bool:
        """Whether nothing is in the way but the prices."""
        return bool(self.wrongs) and all(wrong.approvable for wrong in self.wrongs)

    @property
    def beyond(self) -> bool:
        """Whether any price is beyond the clerk's authority."""
        return any(wrong.approvable for wrong in self.wrongs)

    @property
    def lacks(self) -> list[Lack]:
        """What is short of the goods, and when it comes."""
        return lacks(
            [
                (row.found.sku.pk, row.found.sku.code, row.priced.line.quantity, row.found.to_sell)
                for row in self.rows
                if row.found and row.priced
            ]
        )

    @property
    def rows(self) -> list[Row]:
        """The lines of the form as they are shown."""
        found = {row.sku.pk: row for row in with_free(self.shelf.skus.values(), self.shop)}
        prices = {id(line.line): line for line in self.sums.lines}
        first = {wrong.line: wrong for wrong in reversed(self.wrongs) if wrong.line is not None}
        return [
            Row(number, typed, found.get(line.sku_id), prices.get(id(line)), first.get(number))
            for number, (typed, line) in enumerate(
                zip(self.filled.lines, self.new.lines, strict=True)
            )
        ]
