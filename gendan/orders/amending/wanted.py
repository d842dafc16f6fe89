"""What can be wanted of an order: typed actions, kept as JSON, each of which carries itself out."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Literal

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from gendan.customers.addresses import Address, split, split_fields
from gendan.orders.amending.sheet import CannotAmend, Sheet
from gendan.orders.models import InstructionCode, Line
from gendan.orders.newcomers import NEEDS_TEXT, NewInstruction, promise
from gendan.orders.receivers import Receiver
from gendan.ui.wording import masked_address, masked_name, masked_phone, yuan

Pieces = Annotated[int, Field(gt=0, le=1_000_000)]
Fen = Annotated[int, Field(ge=0, le=10**12)]


class Touch(StrEnum):
    """What a change concerns, which decides what has to follow from it."""

    GOODS = "GOODS"
    MONEY = "MONEY"
    PLACE = "PLACE"
    WISHES = "WISHES"
    RECORD = "RECORD"  # known to the office alone: nothing in the house has to follow
    WAY = "WAY"  # of a parcel that has left


class Action(BaseModel, ABC):
    """One change."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    touches: ClassVar[Touch] = Touch.GOODS

    @abstractmethod
    def change(self, sheet: Sheet) -> None:
        """Make it on a sheet.

        :raises CannotAmend: if it does not fit the order
        """

    @property
    @abstractmethod
    def said(self) -> str:
        """It, told in a few words."""


class SetQuantity(Action):
    action: Literal["SET_QUANTITY"] = "SET_QUANTITY"
    line: int = Field(description="The position of the line.")
    quantity: Pieces

    def change(self, sheet: Sheet) -> None:
        """A discount of all the pieces shrinks with them; the parts of a set follow it."""
        line = sheet.line(self.line)
        for part in sheet.parts(line):
            part.quantity = part.quantity * self.quantity // line.quantity
        if self.quantity < line.quantity:
            line.discount_fen = line.discount_fen * self.quantity // line.quantity
        line.quantity = self.quantity

    @property
    def said(self) -> str:
        said = ngettext(
            "line %(line)s: %(quantity)s piece", "line %(line)s: %(quantity)s pieces", self.quantity
        )
        return said % vars(self)


class ReplaceSku(Action):
    action: Literal["REPLACE_SKU"] = "REPLACE_SKU"
    line: int
    sku: str = Field(description="The SKU code.")
    price_fen: Fen | None = Field(
        default=None,
        description="None: the line's price, and what the list prices differ by; gifts stay free.",
    )

    def change(self, sheet: Sheet) -> None:
        line, sku = sheet.line(self.line), sheet.sku(self.sku)
        if line.is_set:
            raise CannotAmend(
                _("Line %(line)s is a set. Drop it and add the other goods.") % {"line": self.line}
            )
        more = sku.price_fen - line.sku.price_fen if line.sku else 0
        own = line.price_fen if line.is_gift else max(0, line.price_fen + more)
        line.price_fen = own if self.price_fen is None else self.price_fen
        if line.price_fen != own:
            sheet.repriced.add(line.position)
        line.sku, line.title, line.specification = sku, sku.title, sku.specification

    @property
    def said(self) -> str:
        return _("line %(line)s: %(sku)s instead") % vars(self)


class AddLine(Action):
    action: Literal["ADD_LINE"] = "ADD_LINE"
    sku: str
    quantity: Pieces = 1
    price_fen: Fen | None = Field(default=None, description="None: the SKU's own price.")
    discount_fen: Fen = Field(default=0, description="For all the pieces together.")
    is_gift: bool = False

    def change(self, sheet: Sheet) -> None:
        sku = sheet.sku(self.sku)
        own = 0 if self.is_gift else sku.price_fen
        line = Line(
            order=sheet.order,
            position=max((line.position for line in sheet.lines), default=0) + 1,
            sku=sku,
            title=sku.title,
            specification=sku.specification,
            quantity=self.quantity,
            price_fen=own if self.price_fen is None else self.price_fen,
            discount_fen=self.discount_fen,
            is_gift=self.is_gift,
        )
        sheet.lines.append(line)
        if line.price_fen != own or line.discount_fen:
            sheet.repriced.add(line.position)

    @property
    def said(self) -> str:
        return _("%(quantity)s × %(sku)s more") % vars(self)


class DropLine(Action):
    action: Literal["DROP_LINE"] = "DROP_LINE"
    line: int

    def change(self, sheet: Sheet) -> None:
        """The line stays, as one that is cancelled: papers and the ledger name it."""
        line = sheet.line(self.line)
        for one in (line, *sheet.parts(line)):
            one.is_cancelled = True
        if not sheet.active:
            raise CannotAmend(
                _("Nothing would be left of order %(order)s. Cancel it instead.")
                % {"order": sheet.order.number}
            )

    @property
    def said(self) -> str:
        return _("line %(line)s: not wanted any more") % vars(self)


class SetPrice(Action):
    touches: ClassVar[Touch] = Touch.MONEY
    action: Literal["SET_PRICE"] = "SET_PRICE"
    line: int
    price_fen: Fen
    discount_fen: Fen = Field(default=0, description="For all the pieces of the line together.")

    def change(self, sheet: Sheet) -> None:
        line = sheet.line(self.line)
        line.price_fen, line.discount_fen = self.price_fen, self.discount_fen
        sheet.repriced.add(line.position)

    @property
    def said(self) -> str:
        price = {"line": self.line, "price": yuan(self.price_fen)}
        if not self.discount_fen:
            return _("line %(line)s: %(price)s each") % price
        off = {"off": yuan(self.discount_fen)}
        return _("line %(line)s: %(price)s each, less %(off)s") % (price | off)


class SetDiscount(Action):
    touches: ClassVar[Touch] = Touch.MONEY
    action: Literal["DISCOUNT"] = "DISCOUNT"
    fen: Fen = Field(description="On all, besides the discounts of the lines.")

    def change(self, sheet: Sheet) -> None:
        sheet.own_discount_fen, sheet.discounted = self.fen, True

    @property
    def said(self) -> str:
        return _("discount on all: %s") % yuan(self.fen)


class SetPostage(Action):
    touches: ClassVar[Touch] = Touch.MONEY
    action: Literal["POSTAGE"] = "POSTAGE"
    fen: Fen

    def change(self, sheet: Sheet) -> None:
        sheet.set(postage_fen=self.fen)

    @property
    def said(self) -> str:
        return _("postage: %s") % yuan(self.fen)


class ReceiverName(Action):
    touches: ClassVar[Touch] = Touch.PLACE
    action: Literal["RECEIVER"] = "RECEIVER"
    name: str = Field(min_length=1, max_length=80)

    def change(self, sheet: Sheet) -> None:
        sheet.set(**Receiver(name=self.name).columns)

    @property
    def said(self) -> str:
        return _("receiver: %s") % masked_name(self.name)


class Contact(Action):
    touches: ClassVar[Touch] = Touch.PLACE
    action: Literal["CONTACT"] = "CONTACT"
    phone: str = Field(min_length=1, max_length=40)

    def change(self, sheet: Sheet) -> None:
        sheet.set(**Receiver(phone=self.phone).columns)

    @property
    def said(self) -> str:
        return _("phone: %s") % masked_phone(self.phone)


class AnotherPlace(Action):
    """In one piece (`text`), or in columns."""

    touches: ClassVar[Touch] = Touch.PLACE
    action: Literal["ADDRESS"] = "ADDRESS"
    text: str = Field(default="", max_length=500)
    province: str = ""
    city: str = ""
    district: str = ""
    street: str = ""
    detail: str = ""

    @property
    def read(self) -> Address:
        """The address, split and checked by the official divisions."""
        if self.text:
            return split(self.text)
        return split_fields(self.province, self.city, self.district, self.street, self.detail)

    def change(self, sheet: Sheet) -> None:
        address = self.read
        sheet.set(**Receiver(address=address).columns, raw_address=address.line[:500])

    @property
    def said(self) -> str:
        return _("address: %s") % masked_address(self.read.line)


class InvoiceTo(Action):
    touches: ClassVar[Touch] = Touch.RECORD
    action: Literal["INVOICE"] = "INVOICE"
    title: str = Field(min_length=1, max_length=120)
    tax_number: str = Field(default="", max_length=40)

    def change(self, sheet: Sheet) -> None:
        sheet.invoice = (self.title.strip(), self.tax_number.strip())

    @property
    def said(self) -> str:
        return _("invoice to: %s") % f"{self.title} {self.tax_number}".strip()


class SellerRemark(Action):
    touches: ClassVar[Touch] = Touch.RECORD
    action: Literal["SELLER_REMARK"] = "SELLER_REMARK"
    text: str = Field(max_length=1000)

    def change(self, sheet: Sheet) -> None:
        sheet.set(seller_remark=self.text.strip())

    @property
    def said(self) -> str:
        return _("seller's remark: %s") % self.text


class Remark(Action):
    """The buyer's words, or a remark for the warehouse: both stand on papers."""

    touches: ClassVar[Touch] = Touch.WISHES
    action: Literal["REMARK"] = "REMARK"
    of: Literal["buyer", "warehouse"] = "warehouse"
    text: str = Field(max_length=1000)

    def change(self, sheet: Sheet) -> None:
        sheet.set(**{f"{self.of}_remark": self.text.strip()})

    @property
    def said(self) -> str:
        if self.of == "buyer":
            return _("buyer's remark: %s") % self.text
        return _("remark for the warehouse: %s") % self.text


class WishOn(Action):
    touches: ClassVar[Touch] = Touch.WISHES
    action: Literal["WISH_ON"] = "WISH_ON"
    on: date | None = Field(description="None: no day is wished for any more.")

    def change(self, sheet: Sheet) -> None:
        """The promise moves with the wish; without one it is what the shop promises."""
        order = sheet.order
        if self.on and self.on < timezone.localdate():
            raise CannotAmend(_("This day has passed. Choose another one with the customer."))
        since = order.paid_at or (order.placed_at if order.is_cod else None)
        promised = promise(order.shop, self.on, since or order.placed_at)
        sheet.set(wish_on=self.on, promise_at=promised if self.on or since else None)

    @property
    def said(self) -> str:
        return _("delivery wish: %s") % (self.on or "—")


class InstructionWanted(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    code: str
    text: str = Field(default="", max_length=300)
    on: date | None = None


class Instructions(Action):
    """All that the order asks for from now on; what is not named is not asked for any more.

    What haste means is known to `amended_haste`.
    """

    touches: ClassVar[Touch] = Touch.WISHES
    action: Literal["INSTRUCTIONS"] = "INSTRUCTIONS"
    wanted: tuple[InstructionWanted, ...] = Field(max_length=20)

    def change(self, sheet: Sheet) -> None:
        for one in self.wanted:
            _refuse_unclear(one)
        sheet.instructions = [
            NewInstruction(one.code, one.text.strip(), one.on) for one in self.wanted
        ]

    @property
    def said(self) -> str:
        return _("special instructions: %s") % ("、".join(map(_named, self.wanted)) or "—")


class WishedCarrier(Action):
    touches: ClassVar[Touch] = Touch.WISHES
    action: Literal["CARRIER"] = "CARRIER"
    carrier: str = Field(max_length=20, description="Code or name; empty: whoever is chosen.")

    def change(self, sheet: Sheet) -> None:
        sheet.set(carrier_wish=self.carrier.strip())

    @property
    def said(self) -> str:
        return _("carrier: %s") % (self.carrier or "—")


class Stop(Action):
    """The parcel has left and is to come back."""

    touches: ClassVar[Touch] = Touch.WAY
    action: Literal["STOP"] = "STOP"

    def change(self, sheet: Sheet) -> None:
        """Nothing in the order changes: the carrier is asked."""

    @property
    def said(self) -> str:
        return _("stop the parcel and bring it back")


Wanted = Annotated[
    SetQuantity
    | ReplaceSku
    | AddLine
    | DropLine
    | SetPrice
    | SetDiscount
    | SetPostage
    | ReceiverName
    | Contact
    | AnotherPlace
    | InvoiceTo
    | SellerRemark
    | Remark
    | WishOn
    | Instructions
    | WishedCarrier
    | Stop,
    Field(discriminator="action"),
]
MANY: TypeAdapter[list[Any]] = TypeAdapter(list[Wanted])


def read(rows: Any) -> list[Action]:
    """Return the actions that JSON tells.

    :raises CannotAmend: if it tells none, or something that is no action
    """
    try:
        return MANY.validate_python(rows)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise CannotAmend(
            _("Change %(where)s can't be read: %(why)s") % {"where": where, "why": first["msg"]}
        ) from error


def written(actions: Iterable[Action]) -> list[dict[str, Any]]:
    """Return the actions as JSON."""
    return [action.model_dump(mode="json") for action in actions]


def codes(actions: Iterable[Action]) -> list[str]:
    """Return the SKU codes that the actions name."""
    return [action.sku for action in actions if isinstance(action, ReplaceSku | AddLine)]


def touched(actions: Sequence[Action]) -> frozenset[Touch]:
    """Return what the actions concern."""
    return frozenset(action.touches for action in actions)


def _refuse_unclear(one: InstructionWanted) -> None:
    if one.code not in InstructionCode.values:
        raise CannotAmend(_("There is no instruction “%s”.") % one.code)
    if one.code in NEEDS_TEXT and not one.text.strip():
        raise CannotAmend(_("Write the text of “%s”.") % InstructionCode(one.code).label)


def _named(one: InstructionWanted) -> str:
    known = one.code in InstructionCode.values
    label = str(InstructionCode(one.code).label) if known else one.code
    return f"{label} {one.text}".strip()
