"""Orders over the API: the same acts as on the pages, for programs."""

from collections import Counter
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Header, Query, Router, Schema, Status
from pydantic import BaseModel

from gendan.customers.addresses import Address, split, split_fields
from gendan.customers.meeting import Acquaintance
from gendan.journal.queries import timeline
from gendan.orders import actions
from gendan.orders.actions import CannotPlace, NewPayment
from gendan.orders.finding import order_finder
from gendan.orders.lacking import lacks, told_of
from gendan.orders.looking import THE_SHOPS, look
from gendan.orders.models import Line, Order, OrderQuerySet
from gendan.orders.money import NewLine
from gendan.orders.newcomers import NewInstruction, NewOrder, Shelf
from gendan.orders.queries import standing
from gendan.orders.queries.lookups import with_free
from gendan.orders.slips import Slip
from gendan.orders.stages import Source
from gendan.people.access import Worker
from gendan.people.api import KnownKeyAuth, all_of, key_of, needs, seen_by
from gendan.ui.api import Page, Problem, Wrong, page
from gendan.ui.api.paging import Asked
from gendan.ui.wording import masked_address, masked_name, masked_phone

router = Router(tags=["orders"])
keys = KnownKeyAuth()
ONCE = "order_platform_once"


class LineIn(BaseModel):
    sku: str = Field(description="Our SKU code.")
    quantity: int = Field(gt=0, le=1_000_000)
    price_fen: int | None = Field(None, ge=0, description="Unit price; none: the SKU's own.")
    discount_fen: int = Field(0, ge=0, description="For all the pieces of the line together.")
    is_gift: bool = False


class PlaceIn(BaseModel):
    """In one piece (`text`), or in columns."""

    text: str = ""
    province: str = ""
    city: str = ""
    district: str = ""
    street: str = ""
    detail: str = ""

    def read(self) -> Address:
        """Split and check the address by the official divisions."""
        if self.text:
            return split(self.text)
        return split_fields(self.province, self.city, self.district, self.street, self.detail)


class InstructionIn(BaseModel):
    code: str = Field(description="NO_PRICE, GIFT_WRAP, CARD, URGENT, DELIVER_ON, CALL_FIRST, …")
    text: str = ""
    on: date | None = None


class PaidIn(BaseModel):
    method: str = Field(description="PLATFORM, CASH, TRANSFER, WECHAT, ALIPAY or COD.")
    amount_fen: int
    reference: str = Field("", max_length=80)
    at: datetime | None = None


class OrderIn(BaseModel):
    shop: str = Field(description="The code of the shop that sells.")
    platform_order: str = Field(
        "",
        max_length=60,
        description="Your own number. The same number again changes nothing and answers 200.",
    )
    lines: list[LineIn] = Field(min_length=1, max_length=200)
    receiver_name: str = Field(max_length=80)
    receiver_phone: str = Field(max_length=40)
    address: PlaceIn = Field(default_factory=PlaceIn)
    mail: str = ""
    buyer: str = Field("", max_length=120)
    discount_fen: int = Field(0, ge=0)
    postage_fen: int = Field(0, ge=0)
    is_cod: bool = False
    wish_on: date | None = None
    carrier_wish: str = ""
    buyer_remark: str = ""
    warehouse_remark: str = ""
    instructions: list[InstructionIn] = Field(default_factory=list)
    payment: PaidIn | None = None
    is_draft: bool = Field(False, description="Wait for a clerk's second reading.")


class OrderOut(Schema):
    number: str
    shop: str
    source: str
    stage: str
    stage_since: datetime
    platform_order: str
    platform_state: str
    receiver_name: str = Field(description="Masked, unless the key may customers.unmask.")
    receiver_phone: str
    address: str
    goods_fen: int
    discount_fen: int
    postage_fen: int
    total_fen: int
    paid_fen: int
    refunded_fen: int
    is_cod: bool
    placed_at: datetime
    paid_at: datetime | None
    promise_at: datetime | None


class LineOut(Schema):
    position: int
    sku: str | None
    title: str
    specification: str
    quantity: int
    price_fen: int
    discount_fen: int
    total_fen: int
    shipped: int
    is_gift: bool
    gift_rule: str = Field(description="The rule that gave it; empty: none of ours did.")
    is_set: bool = Field(description="It bears the money; its parts are sent.")
    part_of: int | None = Field(description="The position of the set that it is a part of.")
    is_cancelled: bool


class ActOut(Schema):
    at: datetime
    verb: str
    sentence: str
    who: str
    why: str


class OrderInFull(OrderOut):
    lines: list[LineOut]
    instructions: list[str]
    timeline: list[ActOut]


class Brief(Schema):
    number: str
    stage: str


class LackOut(Schema):
    sku: str
    wanted: int
    there: int
    leaves_on: date | None = Field(description="When the others can leave, if that is known.")


class PlacedOut(Brief):
    short: list[LackOut] = Field([], description="Filled with `tell_short=true` only.")


class Chosen(Schema):
    """A set of orders, and why."""

    numbers: list[str] = Field(min_length=1, max_length=1_000)
    why: str = ""


class PaymentIn(PaidIn):
    order: str


class PaymentsIn(Schema):
    payments: list[PaymentIn] = Field(min_length=1, max_length=1_000)
    why: str = ""


@router.get("", response=Page[OrderOut], summary="Find orders")
@needs("orders.see")
def list_orders(request: HttpRequest, asked: Asked) -> Any:
    """Return orders that a search finds, the newest first."""
    in_full = key_of(request).may("customers.unmask")
    return page(_seen(request), asked, order_finder, lambda order: told(order, in_full))


@router.post("", response={201: PlacedOut, 200: PlacedOut}, auth=keys, summary="Place an order")
def place_order(
    request: HttpRequest,
    order: OrderIn,
    idempotency_key: str = Header("", max_length=60, description="Stands for platform_order."),  # type: ignore[type-arg]
    *,
    tell_short: bool = Query(False, description="Say what is short, and when it comes."),  # type: ignore[type-arg]
) -> Any:
    """Place an order; paid and complete ones go on to screening by themselves."""
    known_as = order.platform_order or idempotency_key
    found = look(key_of(request), order.shop, [line.sku for line in order.lines], _buyer(order))
    by = keys.confirmed(request, found.keys, "orders.place")
    shop = seen_by(by, found.shops)
    shelf = Shelf.holding([shop], found.skus, by, found.known)
    new = _newcomer(order, shop.pk, known_as, shelf)
    try:
        (placed,) = actions.place([new], by=by, now=timezone.now(), shelf=shelf)
    except CannotPlace as refused:
        wrongs = [Wrong(one.sentence, pointer=_pointer(one)) for one in refused.wrongs]
        raise Problem(409, refused.sentence, wrongs) from refused
    except IntegrityError as twice:
        if ONCE not in str(twice):
            raise
        return Status(200, Order.objects.get(shop=shop, platform_order=known_as))
    short = _short(new, shelf, placed, by) if tell_short else []
    return Status(
        201, PlacedOut.model_construct(number=placed.number, stage=placed.stage, short=short)
    )


def _short(new: NewOrder, shelf: Shelf, placed: Order, by: Worker) -> list[LackOut]:
    """Return what is short of an order that was just placed, and remember that it was told."""
    free = {row.sku.pk: row.to_sell for row in with_free(shelf.skus.values(), placed.shop)}
    wanted: Counter[int] = Counter()
    for line in new.lines:
        wanted[line.sku_id] += line.quantity
    found = lacks([(pk, shelf.skus[pk].code, n, free.get(pk, 0)) for pk, n in wanted.items()])
    told_of(placed, found, by=by, now=timezone.now())
    return [
        LackOut.model_construct(
            sku=lack.code, wanted=lack.wanted, there=lack.there, leaves_on=lack.leaves_on
        )
        for lack in found
    ]


@router.post("/pay", response=list[Brief], summary="Record payments")
@needs("orders.pay")
def pay(request: HttpRequest, paid: PaymentsIn) -> Any:
    orders = _chosen(request, [one.order for one in paid.payments])
    ids = dict(orders.values_list("number", "pk"))
    payments = [
        NewPayment(ids[one.order], one.method, one.amount_fen, one.reference, one.at)
        for one in paid.payments
    ]
    return actions.pay(payments, by=key_of(request), now=timezone.now(), why=paid.why)


@router.post("/confirm", response=list[Brief], summary="The customers said yes")
@needs("orders.confirm")
def confirm(request: HttpRequest, chosen: Chosen) -> Any:
    orders = _chosen(request, chosen.numbers)
    return actions.confirm(orders, by=key_of(request), now=timezone.now(), why=chosen.why)


@router.post("/cancel", response=list[Brief], summary="Cancel orders; `why` is required")
@needs("orders.cancel")
def cancel(request: HttpRequest, chosen: Chosen) -> Any:
    orders = _chosen(request, chosen.numbers)
    return actions.cancel(orders, by=key_of(request), now=timezone.now(), why=chosen.why)


@router.get("/{number}", response=OrderInFull, summary="One order, its lines and its timeline")
@needs("orders.see")
def get_order(request: HttpRequest, number: str) -> Any:
    key = key_of(request)
    order = get_object_or_404(_seen(request), number=number)
    lines = (
        Line.objects.filter(order=order)
        .select_related("sku", "part_of", "gift__rule")
        .order_by("position")
    )
    acts = timeline(standing(order, key).subjects)
    return {
        **told(order, key.may("customers.unmask")),
        "lines": [_line(line) for line in lines],
        "instructions": [str(one) for one in order.instructions.all()],
        "timeline": [
            {
                "at": act.entry.at,
                "verb": act.entry.verb,
                "sentence": act.sentence,
                "who": act.entry.actor_name,
                "why": act.entry.why,
            }
            for act in acts
        ],
    }


def _seen(request: HttpRequest) -> OrderQuerySet:
    return Order.objects.visible_to(key_of(request)).select_related("shop")


def _chosen(request: HttpRequest, numbers: list[str]) -> OrderQuerySet:
    found: OrderQuerySet = all_of(Order.objects.visible_to(key_of(request)), "number", numbers)
    return found


def _buyer(order: OrderIn) -> Acquaintance:
    return Acquaintance(
        order.receiver_name, order.receiver_phone, order.mail, THE_SHOPS, order.buyer
    )


def _newcomer(order: OrderIn, shop_id: int, known_as: str, shelf: Shelf) -> NewOrder:
    """Return what is asked for; unless a clerk shall read it, it is final."""
    ids = {sku.code: sku.pk for sku in shelf.skus.values()}
    paid = order.payment
    return NewOrder(
        shop_id=shop_id,
        lines=[
            NewLine(
                ids.get(line.sku, 0), line.quantity, line.price_fen, line.discount_fen, line.is_gift
            )
            for line in order.lines
        ],
        address=order.address.read(),
        instructions=[NewInstruction(one.code, one.text, one.on) for one in order.instructions],
        source=Source.API,
        platform_order=known_as,
        is_final=not order.is_draft,
        paid=Slip(paid.method, paid.amount_fen, paid.reference, paid.at) if paid else None,
        **{
            name: getattr(order, name)
            for name in (
                "receiver_name",
                "receiver_phone",
                "mail",
                "buyer",
                "discount_fen",
                "postage_fen",
                "is_cod",
                "wish_on",
                "carrier_wish",
                "buyer_remark",
                "warehouse_remark",
            )
        },
    )


def _pointer(wrong: Any) -> str:
    return f"/{wrong.field}" if wrong.line is None else f"/{wrong.field}/{wrong.line}"


def told(order: Order, in_full: bool) -> dict[str, Any]:
    """Return what the API tells of an order."""
    return {
        **{name: getattr(order, name) for name in OrderOut.model_fields if hasattr(order, name)},
        "shop": order.shop.code,
        "receiver_name": order.receiver_name if in_full else masked_name(order.receiver_name),
        "receiver_phone": order.receiver_phone if in_full else masked_phone(order.receiver_phone),
        "address": order.full_address if in_full else masked_address(order.full_address),
    }


def _line(line: Line) -> dict[str, Any]:
    names = LineOut.model_fields.keys() - {"sku", "part_of", "gift_rule"}
    gift = getattr(line, "gift", None)
    return {name: getattr(line, name) for name in names} | {
        "sku": line.sku.code if line.sku else None,
        "part_of": line.part_of.position if line.part_of else None,
        "gift_rule": gift.rule.name if gift else "",
    }
