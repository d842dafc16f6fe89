"""An order as it is asked for, before it exists, and what is wrong with it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Protocol

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gendan.catalog.models import Sku
from gendan.customers import addresses
from gendan.customers.addresses import Address, Problem
from gendan.customers.addresses.phones import Kind
from gendan.customers.queries import Key
from gendan.orders.models import InstructionCode
from gendan.orders.money import NewLine, Priced, Sums, priced
from gendan.orders.slips import Slip
from gendan.orders.stages import Source
from gendan.people.access import Worker
from gendan.people.models import Shop, ShopKind
from gendan.ui.wording import yuan

SOURCES = {
    ShopKind.STORE: Source.COUNTER,
    ShopKind.DISTRIBUTOR: Source.DISTRIBUTOR,
}
NEEDS_TEXT = (InstructionCode.CARD, InstructionCode.OTHER)
URGENT = 10  # the priority of what cannot wait


class Seller(Worker, Protocol):
    """A worker who may sell below the list price by so many percent."""

    discount_limit: int


@dataclass(frozen=True)
class NewInstruction:
    code: str
    text: str = ""
    on: date | None = None


@dataclass(frozen=True)
class NewOrder:
    """What a clerk, or a program with a key, asks for.

    `source` none: it follows from the kind of shop. `asks_approval`: where the clerk's authority
    ends, a supervisor is asked instead of the order being refused. `is_final`: nobody reads it a
    second time; only such an order can be paid already.
    """

    shop_id: int
    lines: Sequence[NewLine] = ()
    receiver_name: str = ""
    receiver_phone: str = ""
    address: Address = field(default_factory=Address)
    instructions: Sequence[NewInstruction] = ()
    customer_id: int | None = None
    mail: str = ""
    buyer: str = ""
    platform_order: str = ""
    source: Source | None = None
    discount_fen: int = 0
    postage_fen: int = 0
    is_cod: bool = False
    wish_on: date | None = None
    carrier_wish: str = ""
    buyer_remark: str = ""
    warehouse_remark: str = ""
    asks_approval: bool = False
    is_final: bool = False
    paid: Slip | None = None

    @property
    def is_urgent(self) -> bool:
        return any(i.code == InstructionCode.URGENT for i in self.instructions)


@dataclass(frozen=True)
class Wrong:
    """One thing that stands in the way: which order, which field, and what to do.

    `line` counts from 0. `approvable`: a supervisor may allow it.
    """

    field: str
    sentence: str
    order: int = 0
    line: int | None = None
    approvable: bool = False


@dataclass(frozen=True)
class Shelf:
    """The shops and goods that some new orders name, read at once.

    `known`: whom the names of their buyers belong to, if that was read with them.
    """

    shops: Mapping[int, Shop]
    skus: Mapping[int, Sku]
    known: Mapping[Key, int] | None = None

    @classmethod
    def of(cls, news: Iterable[NewOrder], by: Worker) -> "Shelf":
        """Read what the orders name, in two queries."""
        news = list(news)
        shops = Shop.objects.filter(pk__any={new.shop_id for new in news})
        skus = Sku.objects.filter(pk__any={line.sku_id for new in news for line in new.lines})
        return cls.holding(shops, skus, by)

    @classmethod
    def holding(
        cls,
        shops: Iterable[Shop],
        skus: Iterable[Sku],
        by: Worker,
        known: Mapping[Key, int] | None = None,
    ) -> "Shelf":
        """Take what was read already; shops that `by` may not sell in are left out."""
        seen = (shop for shop in shops if by.shop_ids is None or shop.pk in by.shop_ids)
        return cls(
            {shop.pk: shop for shop in seen if shop.is_active},
            {sku.pk: sku for sku in skus},
            known,
        )

    def sums(self, new: NewOrder) -> Sums:
        """Return what the order comes to."""
        return Sums(priced(new.lines, self.skus), new.discount_fen, new.postage_fen)

    def promised(self, new: NewOrder, since: datetime) -> datetime | None:
        """Return until when the order is promised; what is still to be paid, not before that."""
        waits = self.sums(new).total_fen > 0 and not new.is_cod and not new.wish_on
        return None if waits else promise(self.shops[new.shop_id], new.wish_on, since)

    def source(self, new: NewOrder) -> Source:
        """Return how the order came."""
        return new.source or SOURCES.get(ShopKind(self.shops[new.shop_id].kind), Source.PHONE)


def wrongs(new: NewOrder, shelf: Shelf, by: Seller, *, number: int = 0) -> list[Wrong]:
    """Return everything that stands in the way of the order, field by field."""
    found = [*_where(new, shelf), *_goods(new, shelf), *_instructions(new)]
    if not found or all(wrong.field not in ("lines", "discount") for wrong in found):
        found += beyond_authority(shelf.sums(new), by)
    return [
        Wrong(wrong.field, wrong.sentence, number, wrong.line, wrong.approvable) for wrong in found
    ]


def _where(new: NewOrder, shelf: Shelf) -> Iterable[Wrong]:
    shop = shelf.shops.get(new.shop_id)
    if shop is None:
        yield Wrong("shop", _("Choose the shop that sells."))
    if not new.receiver_name.strip():
        yield Wrong("receiver_name", _("Ask for the receiver's name."))
    yield from _phone(new.receiver_phone)
    if shop is not None and not (
        shop.kind == ShopKind.STORE and not new.address.detail and not new.address.province
    ):
        yield from _address(new.address)
    if new.wish_on and new.wish_on < timezone.localdate():
        yield Wrong("wish_on", _("This day has passed. Choose another one with the customer."))
    if new.mail and "@" not in new.mail:
        yield Wrong("mail", _("This is no mail address. Ask for it again."))


def _phone(text: str) -> Iterable[Wrong]:
    number = addresses.phone(text)
    if number.kind is Kind.EMPTY:
        yield Wrong("receiver_phone", _("Ask for a phone number: the courier needs it."))
    elif number.kind not in (Kind.MOBILE, Kind.LANDLINE):
        yield Wrong(
            "receiver_phone",
            _("This number cannot be dialled. Count its digits and read it back."),
        )


def _address(address: Address) -> Iterable[Wrong]:
    if not address.province and not address.detail:
        yield Wrong("address", _("Ask where the parcel goes, or paste what the customer wrote."))
    elif not address.complete:
        problem = next(p for p in address.problems if p is not Problem.ZONE)
        yield Wrong("address", str(addresses.sentence(problem)))


def _goods(new: NewOrder, shelf: Shelf) -> Iterable[Wrong]:
    if not new.lines:
        yield Wrong("lines", _("Add what the customer buys: code, name, initials or barcode."))
    for number, line in enumerate(new.lines):
        if sentence := _line(line, shelf.skus.get(line.sku_id)):
            yield Wrong("lines", sentence, line=number)
    if new.postage_fen < 0:
        yield Wrong("postage", _("Postage cannot be negative."))
    if new.discount_fen < 0:
        yield Wrong("discount", _("A discount cannot be negative."))
    elif new.lines and shelf.sums(new).total_fen < 0:
        yield Wrong("discount", _("The discount is larger than the order."))


def _line(line: NewLine, sku: Sku | None) -> str:
    if sku is None:
        return _("Nobody knows this SKU. Look it up by its code or name.")
    if not sku.is_active:
        return _("%(sku)s is no longer sold. Offer something else.") % {"sku": sku.code}
    if line.quantity <= 0:
        return _("The quantity must be at least 1.")
    if line.quantity > 1_000_000:
        return _("Nobody has this many. Check the quantity.")
    asked = sku.price_fen if line.price_fen is None else line.price_fen
    if asked < 0 or line.discount_fen < 0 or line.discount_fen > asked * line.quantity:
        return _("Price and discount do not fit together. Correct one of them.")
    return ""


def _instructions(new: NewOrder) -> Iterable[Wrong]:
    for wanted in new.instructions:
        if wanted.code not in InstructionCode.values:
            yield Wrong("instructions", _("There is no instruction “%s”.") % wanted.code)
        elif wanted.code in NEEDS_TEXT and not wanted.text.strip():
            yield Wrong(
                "instructions",
                _("Write the text of “%s”.") % InstructionCode(wanted.code).label,
            )
        elif wanted.code == InstructionCode.DELIVER_ON and not (wanted.on or new.wish_on):
            yield Wrong("wish_on", _("Choose the day of delivery."))


def beyond_authority(sums: Sums, by: Seller) -> Iterable[Wrong]:
    """Return where prices leave the authority of the seller: discount limit and floor price."""
    if by.may("orders.below_floor"):
        return
    for number, line in enumerate(sums.lines):
        if sums.unit_fen(line) < line.sku.floor_fen:
            yield Wrong("lines", _floor_sentence(line), line=number, approvable=True)
        elif line.percent_off > by.discount_limit:
            yield Wrong(
                "lines", _limit_sentence(line.percent_off, by), line=number, approvable=True
            )
    if sums.order_discount_fen and sums.percent_off > by.discount_limit:
        yield Wrong("discount", _limit_sentence(sums.percent_off, by), approvable=True)


def _floor_sentence(line: Priced) -> str:
    return _("Below the floor price of %(floor)s.") % {"floor": yuan(line.sku.floor_fen)}


def _limit_sentence(percent: object, by: Seller) -> str:
    return _("%(percent)s%% off; you may give up to %(limit)s%%.") % {
        "percent": percent,
        "limit": by.discount_limit,
    }


def summary(found: Sequence[Wrong], orders: int) -> str:
    """Return what is wrong in one sentence."""
    if orders == 1:
        return " ".join(dict.fromkeys(wrong.sentence for wrong in found))
    bad = len({wrong.order for wrong in found})
    first = found[0]
    sentence = ngettext(
        "%(bad)s of the orders cannot be placed; nothing was.",
        "%(bad)s of the orders cannot be placed; nothing was.",
        bad,
    )
    where = _("Order %(number)s: %(sentence)s") % {
        "number": first.order + 1,
        "sentence": first.sentence,
    }
    return f"{sentence % {'bad': bad}} {where}"


def promise(shop: Shop, wish_on: date | None, since: datetime) -> datetime:
    """Return until when the order is promised: the wish, or the shop's hours from an instant."""
    if wish_on:
        midnight = datetime.combine(wish_on, datetime.min.time(), timezone.get_current_timezone())
        return midnight + timedelta(hours=23, minutes=59)
    return since + timedelta(hours=shop.ship_hours)
