"""The form that changes an order: what stands in it otherwise than in the order is wanted."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from gendan.catalog.models import Sku
from gendan.orders.amending import wanted
from gendan.orders.amending.sheet import CannotAmend
from gendan.orders.amending.snapshot import digest, snapshots
from gendan.orders.amending.wanted import Action, InstructionWanted
from gendan.orders.forms.typed import day_of, fen_of, whole
from gendan.orders.models import AskedBy, Cause, InstructionCode, Invoice, Line, Order
from gendan.orders.newcomers import NEEDS_TEXT
from gendan.orders.queries import sku_meant
from gendan.ui.wording import fen_number

NEW_ROWS = (1, 2, 3)
MOVING = ("stage", "paid_fen", "refunded_fen")  # what an order says otherwise by itself
KEPT = ("words", "cause", "asked_by")  # whatever else the order says by now


@dataclass(frozen=True)
class Row:
    """A line as the order has it, and as somebody typed it."""

    line: Line
    sku: str = ""
    quantity: str = ""
    price: str = ""
    off: str = ""
    dropped: bool = False


@dataclass
class AmendForm:
    """The order as it is, and what was typed; empty until somebody types."""

    order: Order
    typed: Mapping[str, str] = field(default_factory=dict)
    chosen: list[str] | None = None  # instructions

    @classmethod
    def of(cls, order: Order, post: Any) -> "AmendForm":
        """Return the form with what was posted."""
        return cls(order, dict(post.items()), post.getlist("instruction"))

    @cached_property
    def seen(self) -> str:
        """What the order says now, in a short name that the page gives back."""
        said = snapshots([self.order.pk])[self.order.pk]
        return digest({name: value for name, value in said.items() if name not in MOVING})

    @property
    def is_stale(self) -> bool:
        """Whether the order was changed after the page was drawn, so that it compares wrongly."""
        return self.typed.get("seen", self.seen) != self.seen

    def anew(self) -> "AmendForm":
        """Return the form of the order as it is now, with who wants something, and their words."""
        return AmendForm(
            self.order, {name: self.typed[name] for name in KEPT if name in self.typed}
        )

    # What the page shows

    @property
    def rows(self) -> list[Row]:
        lines = self.order.lines.filter(is_cancelled=False, part_of=None).select_related("sku")
        return [self._row(line) for line in lines]

    def _row(self, line: Line) -> Row:
        at = line.position
        return Row(
            line,
            self._said(f"sku_{at}", ""),
            self._said(f"quantity_{at}", str(line.quantity)),
            self._said(f"price_{at}", fen_number(line.price_fen)),
            self._said(f"off_{at}", fen_number(line.discount_fen) if line.discount_fen else ""),
            dropped=f"drop_{at}" in self.typed,
        )

    @property
    def new_rows(self) -> list[tuple[int, str, str, str]]:
        return [
            (
                number,
                self._said(f"new_sku_{number}", ""),
                self._said(f"new_quantity_{number}", ""),
                self._said(f"new_price_{number}", ""),
            )
            for number in NEW_ROWS
        ]

    @property
    def values(self) -> dict[str, str]:
        """What stands in the fields besides the goods."""
        order, invoice = self.order, self.invoice
        known = {
            "discount": fen_number(self._own_discount()),
            "postage": fen_number(order.postage_fen),
            "wish_on": order.wish_on.isoformat() if order.wish_on else "",
            "carrier": order.carrier_wish,
            "buyer_remark": order.buyer_remark,
            "warehouse_remark": order.warehouse_remark,
            "seller_remark": order.seller_remark,
            "invoice_title": invoice.title if invoice else "",
            "invoice_tax": invoice.tax_number if invoice else "",
            **dict.fromkeys(("receiver_name", "receiver_phone", "address", "words"), ""),
            "cause": Cause.MIND.value,
            "asked_by": AskedBy.CUSTOMER.value,
        }
        return {name: self._said(name, value) for name, value in known.items()}

    @property
    def codes(self) -> list[tuple[str, str, bool, bool, str]]:
        """The instructions: code, label, whether chosen, whether it has a text, and which."""
        there = {wish.code: wish for wish in self.order.instructions.all()}
        chosen = list(there) if self.chosen is None else self.chosen
        return [
            (
                code.value,
                str(code.label),
                code in chosen,
                code in NEEDS_TEXT,
                self._said(f"text_{code}", there[code].text if code in there else ""),
            )
            for code in InstructionCode
        ]

    @property
    def invoice(self) -> Invoice | None:
        return Invoice.objects.filter(order=self.order).first()

    def _said(self, name: str, known: str) -> str:
        return self.typed.get(name, known).strip()

    def _own_discount(self) -> int:
        lines = [row.line for row in self.rows]
        nets = self.order.goods_fen == sum(line.total_fen for line in lines)
        return self.order.discount_fen - (0 if nets else sum(one.discount_fen for one in lines))

    # What is wanted

    def wanted(self) -> list[Action]:
        """Return the changes that were typed.

        :raises CannotAmend: if something can't be read
        """
        return [
            *self._goods(),
            *self._more_goods(),
            *self._money(),
            *self._place(),
            *self._wishes(),
            *self._office(),
        ]

    def _goods(self) -> Iterator[Action]:
        for row in self.rows:
            line = row.line
            if row.dropped:
                yield wanted.DropLine(line=line.position)
                continue
            if row.sku:
                yield wanted.ReplaceSku(line=line.position, sku=_sku(row.sku).code)
            if (quantity := _pieces(row.quantity)) != line.quantity:
                yield wanted.SetQuantity(line=line.position, quantity=quantity)
            price, off = _fen(row.price), _fen(row.off)
            if price != line.price_fen or off != line.discount_fen:
                yield wanted.SetPrice(line=line.position, price_fen=price, discount_fen=off)

    def _more_goods(self) -> Iterator[Action]:
        for _number, code, quantity, price in self.new_rows:
            if code:
                yield wanted.AddLine(
                    sku=_sku(code).code,
                    quantity=_pieces(quantity or "1"),
                    price_fen=_fen(price) if price else None,
                )

    def _money(self) -> Iterator[Action]:
        if (fen := _fen(self.values["discount"])) != self._own_discount():
            yield wanted.SetDiscount(fen=fen)
        if (fen := _fen(self.values["postage"])) != self.order.postage_fen:
            yield wanted.SetPostage(fen=fen)

    def _place(self) -> Iterator[Action]:
        """Empty means: as it is. What is there is not shown in full to whoever changes it."""
        values = self.values
        if values["receiver_name"]:
            yield wanted.ReceiverName(name=values["receiver_name"][:80])
        if values["receiver_phone"]:
            yield wanted.Contact(phone=values["receiver_phone"][:40])
        if values["address"]:
            yield wanted.AnotherPlace(text=values["address"][:500])
        if "stop" in self.typed:
            yield wanted.Stop()

    def _wishes(self) -> Iterator[Action]:
        order, values = self.order, self.values
        if (day := self._day()) != order.wish_on:
            yield wanted.WishOn(on=day)
        if values["carrier"] != order.carrier_wish:
            yield wanted.WishedCarrier(carrier=values["carrier"][:20])
        if values["buyer_remark"] != order.buyer_remark:
            yield wanted.Remark(of="buyer", text=values["buyer_remark"][:1000])
        if values["warehouse_remark"] != order.warehouse_remark:
            yield wanted.Remark(of="warehouse", text=values["warehouse_remark"][:1000])
        yield from self._instructions()

    def _instructions(self) -> Iterator[Action]:
        there = {(wish.code, wish.text) for wish in self.order.instructions.all()}
        chosen = {
            (code, text if has_text else "")
            for code, _label, is_chosen, has_text, text in self.codes
            if is_chosen
        }
        if self.chosen is not None and chosen != there:
            day = self._day()
            asked = tuple(
                InstructionWanted(
                    code=code, text=text, on=day if code == InstructionCode.DELIVER_ON else None
                )
                for code, text in sorted(chosen)
            )
            yield wanted.Instructions(wanted=asked)

    def _day(self) -> date | None:
        text = self.values["wish_on"]
        if (day := day_of(text)) is None and text:
            raise CannotAmend(_("“%s” is no day. Write one like 2026-11-21.") % text)
        return day

    def _office(self) -> Iterator[Action]:
        values, invoice = self.values, self.invoice
        if values["seller_remark"] != self.order.seller_remark:
            yield wanted.SellerRemark(text=values["seller_remark"][:1000])
        known = (invoice.title, invoice.tax_number) if invoice else ("", "")
        asked = (values["invoice_title"], values["invoice_tax"])
        if asked != known and asked[0]:
            yield wanted.InvoiceTo(title=asked[0][:120], tax_number=asked[1][:40])


def _sku(text: str) -> Sku:
    sku = sku_meant(text)
    if sku is None:
        raise CannotAmend(_("“%s” means no goods, or several. Choose from the list.") % text)
    return sku


def _pieces(text: str) -> int:
    pieces = whole(text)
    if not pieces or pieces > 1_000_000:
        raise CannotAmend(_("“%s” is no quantity. Write a whole number above zero.") % text)
    return pieces


def _fen(text: str) -> int:
    fen = fen_of(text) if text else 0
    if fen is None or fen < 0:
        raise CannotAmend(_("“%s” is no amount. Write one like 128 or 128.50.") % text)
    return fen
