"""Taking a change back: what must be wanted so that an order says again what it said before."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import singledispatch
from typing import Any

from django.utils.translation import gettext as _

from gendan.orders.amending.sheet import CannotAmend
from gendan.orders.amending.snapshot import LABELS, Snapshot
from gendan.orders.amending.wanted import (
    Action,
    AddLine,
    AnotherPlace,
    Contact,
    DropLine,
    Instructions,
    InstructionWanted,
    InvoiceTo,
    ReceiverName,
    Remark,
    ReplaceSku,
    SellerRemark,
    SetDiscount,
    SetPostage,
    SetPrice,
    SetQuantity,
    WishedCarrier,
    WishOn,
    read,
)
from gendan.orders.models import Amendment

Kept = Mapping[str, Any]
ADDING, DROPPING = 0, 2  # an order is never without goods in between


@dataclass(frozen=True)
class Said:
    """What an order said before an amendment, what after it, and what it says now."""

    before: Snapshot
    after: Snapshot
    now: Snapshot
    added: list[int]  # positions of the lines that it added

    def was(self, name: str) -> Any:
        """Return what the order said before, if it still says what the amendment made of it.

        :raises CannotAmend: if it was changed again since
        """
        if self.now.get(name) != self.after.get(name):
            raise _changed_since(str(LABELS.get(name, name)))
        return self.before.get(name)

    def line(self, position: int) -> tuple[Kept, Kept]:
        """Return a line before and after.

        :raises CannotAmend: if it was changed again since, or was not there
        """
        before, after, now = (_line(kept, position) for kept in (self.before, self.after, self.now))
        if not before or not after or after != now:
            raise _changed_since(_("Line %s") % position)
        return before, after

    def own_discount(self) -> int:
        """Return what went off the whole order before, besides the discounts of its lines."""
        if _own_discount(self.now) != _own_discount(self.after):
            raise _changed_since(str(LABELS["discount_fen"]))
        return _own_discount(self.before)


def reverse(amendment: Amendment, now: Snapshot) -> list[Action]:
    """Return the changes that undo an amendment, given what its order says now.

    :raises CannotAmend: naming what can't be taken back, and why
    """
    actions = read(amendment.wanted)
    said = Said(amendment.before, amendment.after, now, _added(amendment, actions))
    found = dict.fromkeys(undo for action in actions for undo in back(action, said))
    if not found:
        raise CannotAmend(_("%s changed nothing that could be taken back.") % amendment.number)
    return sorted(found, key=_turn)


@singledispatch
def back(action: Action, said: Said) -> Iterator[Action]:
    """Yield what takes one change back.

    :raises CannotAmend: if it is one that goes one way only
    """
    raise CannotAmend(
        _("“%s” can't be taken back: it is with others by now. Call them.") % action.said
    )


@back.register(SetQuantity)
@back.register(ReplaceSku)
@back.register(SetPrice)
def _line_as_it_was(action: SetQuantity | ReplaceSku | SetPrice, said: Said) -> Iterator[Action]:
    """What several changes made of a line is taken back together."""
    before, after = said.line(action.line)
    price, off = after["price_fen"], after["discount_fen"]
    if before["sku"] != after["sku"]:
        yield ReplaceSku(line=action.line, sku=_sku(before), price_fen=before["price_fen"])
        price = before["price_fen"]
    if before["quantity"] != after["quantity"]:
        yield SetQuantity(line=action.line, quantity=before["quantity"])
        off = off * min(before["quantity"], after["quantity"]) // after["quantity"]
    if (price, off) != (before["price_fen"], before["discount_fen"]):
        yield SetPrice(
            line=action.line, price_fen=before["price_fen"], discount_fen=before["discount_fen"]
        )


@back.register
def _goods_again(action: DropLine, said: Said) -> Iterator[Action]:
    """The goods come again, in a line of their own."""
    before = _line(said.before, action.line)
    if before:
        yield AddLine(
            sku=_sku(before),
            quantity=before["quantity"],
            price_fen=before["price_fen"],
            discount_fen=before["discount_fen"],
            is_gift=before["is_gift"],
        )


@back.register
def _goods_away(action: AddLine, said: Said) -> Iterator[Action]:
    position = said.added.pop(0)
    if _line(said.now, position) != _line(said.after, position):
        raise _changed_since(_("Line %s") % position)
    yield DropLine(line=position)


@back.register
def _discount(action: SetDiscount, said: Said) -> Iterator[Action]:
    yield SetDiscount(fen=said.own_discount())


@back.register
def _postage(action: SetPostage, said: Said) -> Iterator[Action]:
    yield SetPostage(fen=said.was("postage_fen"))


@back.register
def _receiver(action: ReceiverName, said: Said) -> Iterator[Action]:
    yield ReceiverName(name=_needed(said, "receiver_name"))


@back.register
def _phone(action: Contact, said: Said) -> Iterator[Action]:
    yield Contact(phone=_needed(said, "receiver_phone"))


@back.register
def _place(action: AnotherPlace, said: Said) -> Iterator[Action]:
    yield AnotherPlace(text=_needed(said, "address"))


@back.register
def _invoice(action: InvoiceTo, said: Said) -> Iterator[Action]:
    said.was("invoice")
    yield InvoiceTo(**_needed(said, "invoice_to"))


@back.register
def _seller_remark(action: SellerRemark, said: Said) -> Iterator[Action]:
    yield SellerRemark(text=said.was("seller_remark"))


@back.register
def _remark(action: Remark, said: Said) -> Iterator[Action]:
    yield Remark(of=action.of, text=said.was(f"{action.of}_remark"))


@back.register
def _day(action: WishOn, said: Said) -> Iterator[Action]:
    yield WishOn(on=said.was("wish_on") or None)


@back.register
def _instructions(action: Instructions, said: Said) -> Iterator[Action]:
    rows = said.was("instructions")
    yield Instructions(
        wanted=tuple(InstructionWanted(**{**row, "on": row["on"] or None}) for row in rows)
    )


@back.register
def _carrier(action: WishedCarrier, said: Said) -> Iterator[Action]:
    yield WishedCarrier(carrier=said.was("carrier_wish"))


def _turn(action: Action) -> int:
    return {AddLine: ADDING, DropLine: DROPPING}.get(type(action), 1)


def _added(amendment: Amendment, actions: list[Action]) -> list[int]:
    """Return the positions of the lines that were asked for; gifts and parts came after them."""
    said = (amendment.before, amendment.after)
    before, after = ({line["position"] for line in kept["lines"]} for kept in said)
    asked = sum(isinstance(action, AddLine) for action in actions)
    return sorted(after - before)[:asked]


def _line(said: Snapshot, position: int) -> Kept:
    """Return a line of a snapshot; nothing if it has none there."""
    return next((line for line in said["lines"] if line["position"] == position), {})


def _sku(line: Kept) -> str:
    code: str = line["sku"]
    if not code:
        raise CannotAmend(
            _("Nobody knew which goods line %s was before. Change the order by hand.")
            % line["position"]
        )
    return code


def _needed(said: Said, name: str) -> Any:
    """Return what the order said before of something that can't be empty again.

    :raises CannotAmend: if it was empty, or changed again since
    """
    before = said.was(name)
    if not before:
        label = LABELS["invoice" if name == "invoice_to" else name]
        raise CannotAmend(
            _("“%s” was empty before, and can't be emptied again. Write what it should say.")
            % label
        )
    return before


def _own_discount(said: Snapshot) -> int:
    """See `Sheet`: platforms tell the value of goods after the discounts of the lines."""
    nets = said["goods_fen"] == sum(line["total_fen"] for line in said["lines"])
    apart = 0 if nets else sum(line["discount_fen"] for line in said["lines"])
    own: int = said["discount_fen"] - apart
    return own


def _changed_since(what: str) -> CannotAmend:
    return CannotAmend(
        _("“%s” was changed again since. Take the later change back first, or write a new one.")
        % what
    )
