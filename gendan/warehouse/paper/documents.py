"""What stands on each paper: plain data, filled by the caller, typeset by `render`.

A paper that must show no price is built from types that have no price in them: a `DeliveryNote`
holds `Line`s, and a `Line` has nowhere to write one. Instants are expected in local time, since
paper shows no time zone.
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Party:
    """A sender or a receiver; the phone is printed as it is given, so mask it before."""

    name: str
    phone: str
    address: str


@dataclass(frozen=True, slots=True)
class Line:
    """Goods without a price."""

    code: str
    title: str
    specification: str
    quantity: int


@dataclass(frozen=True, slots=True)
class PricedLine:
    """Goods with what they cost; not a kind of `Line`, so it fits into no unpriced paper."""

    code: str
    title: str
    specification: str
    quantity: int
    unit_price_fen: int
    total_fen: int


@dataclass(frozen=True, slots=True)
class Totals:
    """What the customer pays, and how it comes about; discounts are positive."""

    goods_fen: int
    postage_fen: int
    discount_fen: int
    payable_fen: int


@dataclass(frozen=True, slots=True)
class PickRow:
    """One SKU to fetch from one location, and the baskets of the wave it is dealt out to."""

    location: str
    code: str
    title: str
    specification: str
    barcode: str
    quantity: int
    baskets: tuple[tuple[int, int], ...] = ()
    """Pairs of basket and pieces."""


@dataclass(frozen=True, slots=True)
class PickList:
    """The walk through the warehouse for one wave, rows in walking order."""

    wave: str
    warehouse: str
    printed_at: datetime
    shipments: int
    rows: tuple[PickRow, ...]
    copy: int = 0


@dataclass(frozen=True, slots=True)
class DeliveryNote:
    """The note in the parcel, without any price."""

    shipment: str
    basket: int
    shop: str
    orders: tuple[str, ...]
    receiver: Party
    lines: tuple[Line, ...]
    remarks: tuple[str, ...] = ()
    care: tuple[str, ...] = ()
    return_hint: str = ""
    copy: int = 0


@dataclass(frozen=True, slots=True)
class PricedDeliveryNote:
    """The note in the parcel of a customer who has nothing against prices in it."""

    shipment: str
    basket: int
    shop: str
    orders: tuple[str, ...]
    receiver: Party
    lines: tuple[PricedLine, ...]
    totals: Totals
    remarks: tuple[str, ...] = ()
    care: tuple[str, ...] = ()
    return_hint: str = ""
    copy: int = 0


@dataclass(frozen=True, slots=True)
class CashOnDelivery:
    """The courier collects; without an amount the paper only says that they do."""

    amount_fen: int | None


@dataclass(frozen=True, slots=True)
class Waybill:
    """The label on the parcel; it never shows what the goods cost."""

    number: str
    carrier: str
    shipment: str
    basket: int
    sender: Party
    receiver: Party
    zone: str
    region: str
    goods: str
    pieces: int
    printed_at: datetime
    collect: CashOnDelivery | None = None
    remark: str = ""
    copy: int = 0


@dataclass(frozen=True, slots=True)
class HandOverRow:
    """A parcel given to the courier."""

    waybill: str
    shipment: str
    receiver: str
    region: str
    pieces: int
    weight_g: int


@dataclass(frozen=True, slots=True)
class HandOverList:
    """What a carrier's driver signs for."""

    number: str
    carrier: str
    warehouse: str
    printed_at: datetime
    rows: tuple[HandOverRow, ...]
    copy: int = 0


Paper = PickList | DeliveryNote | PricedDeliveryNote | Waybill | HandOverList
