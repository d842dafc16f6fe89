"""Short goods over the API: cases and choices, what is to come, presales."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema
from pydantic import AwareDatetime

from gendan.catalog.models import Sku
from gendan.orders.models import Order
from gendan.people.access import at_shops, at_warehouses
from gendan.people.api import all_of, key_of, needs, warehouse_of
from gendan.people.models import Shop
from gendan.stock import actions
from gendan.stock.actions import Chosen, Coming, NewPresale
from gendan.stock.models import ComesFrom, Expected, PartingRules, Presale, ShortageCase
from gendan.stock.presold import parting_rules
from gendan.stock.queries.offers import Offer, offers
from gendan.stock.shortages import CASES
from gendan.stock.to_come import ARRIVALS, PRESALES
from gendan.ui.api import Page, Problem, Wrong, page
from gendan.ui.api.paging import Asked

router = Router(tags=["short goods"])


class OfferOut(Schema):
    code: str
    choice: str
    label: str
    note: str
    on: date | None = None
    difference_fen: int = Field(description="What the order costs more; less than 0: comes back.")


class CaseOut(Schema):
    order: str
    state: str
    found_at: str
    opened_at: datetime
    due_at: datetime | None
    choice: str
    waits_until: date | None
    broken: int
    outcome: str


class CaseInFull(CaseOut):
    missing: dict[str, int] = Field(description="SKU code -> pieces found missing.")
    offers: list[OfferOut] = Field(description="What can be offered right now.")


class AskIn(Schema):
    orders: list[str] = Field(min_length=1, max_length=1_000)
    channel: str = Field(pattern="^(MAIL|CHAT|PHONE)$")
    why: str = ""


class ChoiceIn(Schema):
    order: str
    code: str = Field(description="Of an offer.")
    on: date | None = Field(None, description="The day that was named to the customer.")


class ChooseIn(Schema):
    choices: list[ChoiceIn] = Field(min_length=1, max_length=1_000)
    why: str = Field("", description="The customer's words.")


class PreferIn(Schema):
    orders: list[str] = Field(min_length=1, max_length=100)
    sku: str
    why: str = Field(min_length=1)


class ExpectedOut(Schema):
    reference: str
    sku: str
    warehouse: str
    quantity: int
    arrived: int
    due_on: date
    comes_from: str
    state: str


class ComingIn(Schema):
    reference: str = Field(min_length=1, max_length=60)
    sku: str
    warehouse: str
    quantity: int = Field(gt=0)
    due_on: date
    comes_from: ComesFrom = ComesFrom.PURCHASE


class ExpectIn(Schema):
    coming: list[ComingIn] = Field(min_length=1, max_length=1_000)
    why: str = ""


class CameIn(Schema):
    reference: str
    sku: str
    warehouse: str
    quantity: int = Field(gt=0)


class ArriveIn(Schema):
    came: list[CameIn] = Field(min_length=1, max_length=1_000)
    why: str = ""


class PresaleOut(Schema):
    id: int
    sku: str
    shop: str | None
    begins_at: datetime
    ends_at: datetime
    ships_on: date
    pool: int
    taken: int


class PresaleIn(Schema):
    sku: str
    shop: str | None = None
    begins_at: AwareDatetime
    ends_at: AwareDatetime
    ships_on: date
    pool: int = Field(gt=0)
    why: str = ""


class Parting(Schema):
    ready_first: bool = Field(description="Ready goods leave before presold ones of their order.")
    sets_part: bool = Field(description="Parts of a set may leave without the others.")


class PartingIn(Parting):
    why: str = Field("", max_length=200)


class Count(Schema):
    count: int


@router.get("/cases", response=Page[CaseOut], summary="Short goods, customer by customer")
@needs("stock.see")
def cases(request: HttpRequest, asked: Asked) -> Any:
    rows = ShortageCase.objects.visible_to(key_of(request)).select_related("order")
    return page(rows, asked, CASES.finder, _told)


@router.get("/cases/{order}", response=CaseInFull, summary="One order's case, with its offers")
@needs("stock.see")
def case_of(request: HttpRequest, order: str) -> Any:
    seen = ShortageCase.objects.visible_to(key_of(request)).select_related("order")
    case = seen.filter(order__number=order).order_by("-pk").first()
    if case is None:
        raise Problem(404, _("Nothing is short of this order."))
    found = offers(ShortageCase.objects.filter(pk=case.pk).live(), now=timezone.now())
    lines = case.lines.select_related("sku")
    return {
        **_told(case),
        "missing": {line.sku.code: line.missing for line in lines},
        "offers": [_offered(offer) for offer in found.get(case.pk, [])],
    }


@router.post("/ask", response=Count, summary="Ask the customers what they choose")
@needs("stock.settle")
def ask(request: HttpRequest, asked: AskIn) -> Any:
    chosen = _live(request, asked.orders)
    rows = ShortageCase.objects.numbered(list(chosen.values()))
    sent = actions.ask(rows, asked.channel, by=key_of(request), now=timezone.now(), why=asked.why)
    return {"count": len(sent)}


@router.post("/choose", response=Count, summary="Note what customers chose, and carry it out")
@needs("stock.settle")
def choose(request: HttpRequest, chosen: ChooseIn) -> Any:
    live = _live(request, [each.order for each in chosen.choices])
    wanted = {live[each.order]: Chosen(each.code, each.on) for each in chosen.choices}
    done = actions.choose(wanted, by=key_of(request), now=timezone.now(), why=chosen.why)
    return {"count": len(done)}


@router.post("/prefer", response=Count, summary="Let orders have a SKU before their turn")
@needs("stock.overrule")
def prefer(request: HttpRequest, wanted: PreferIn) -> Any:
    orders = all_of(Order.objects.visible_to(key_of(request)), "number", wanted.orders)
    sku = get_object_or_404(Sku, code=wanted.sku)
    first = actions.prefer(orders, sku, by=key_of(request), now=timezone.now(), why=wanted.why)
    return {"count": len(first)}


@router.get("/arrivals", response=Page[ExpectedOut], summary="What is to come")
@needs("stock.see")
def arrivals(request: HttpRequest, asked: Asked) -> Any:
    rows = Expected.objects.filter(at_warehouses(key_of(request)))
    return page(rows.select_related("sku", "warehouse"), asked, ARRIVALS.finder, _coming)


@router.post("/arrivals", response=Count, summary="Note what is to come, or what changed of it")
@needs("stock.receive")
def expect(request: HttpRequest, told: ExpectIn) -> Any:
    skus = _skus([each.sku for each in told.coming], "coming")
    news = [
        Coming(
            each.reference,
            skus[each.sku],
            warehouse_of(request, each.warehouse).pk,
            each.quantity,
            each.due_on,
            each.comes_from,
        )
        for each in told.coming
    ]
    return {"count": actions.expect(news, by=key_of(request), why=told.why).count()}


@router.post("/arrivals/arrive", response=Count, summary="Take in what was expected")
@needs("stock.receive")
def arrive(request: HttpRequest, told: ArriveIn) -> Any:
    seen = Expected.objects.filter(at_warehouses(key_of(request)))
    found = seen.filter(reference__in=[each.reference for each in told.came])
    known = {
        (row.reference, row.sku.code, row.warehouse.code): row.pk
        for row in found.select_related("sku", "warehouse")
    }
    unknown = [
        Wrong(_("This is not expected."), pointer=f"/came/{number}/reference")
        for number, each in enumerate(told.came)
        if (each.reference, each.sku, each.warehouse) not in known
    ]
    if unknown:
        raise Problem(422, _("Some of it is not expected."), unknown)
    came = {known[each.reference, each.sku, each.warehouse]: each.quantity for each in told.came}
    return {"count": actions.arrive(came, by=key_of(request), why=told.why)}


@router.get("/presales", response=Page[PresaleOut], summary="Presales")
@needs("stock.see")
def presales(request: HttpRequest, asked: Asked) -> Any:
    rows = Presale.objects.filter(at_shops(key_of(request), or_none=True))
    return page(rows.select_related("sku", "shop"), asked, PRESALES.finder, _presold)


@router.post("/presales", response=PresaleOut, summary="Open a presale")
@needs("stock.settle")
def presell(request: HttpRequest, new: PresaleIn) -> Any:
    key = key_of(request)
    skus = _skus([new.sku], "")
    shop = None
    if new.shop:
        shop = get_object_or_404(Shop.objects.filter(at_shops(key, "pk")), code=new.shop).pk
    made = actions.presell(
        NewPresale(skus[new.sku], new.begins_at, new.ends_at, new.pool, new.ships_on, shop),
        by=key,
        why=new.why,
    )
    return _presold(made)


@router.get("/parting", response=Parting, summary="What may leave before the rest of its order")
@needs("stock.see")
def parting(request: HttpRequest) -> Any:
    return parting_rules()


@router.put("/parting", response=Parting, summary="Change what may leave first")
@needs("stock.settle")
def change_parting(request: HttpRequest, wanted: PartingIn) -> Any:
    rules = PartingRules(ready_first=wanted.ready_first, sets_part=wanted.sets_part)
    return actions.save_parting_rules(rules, by=key_of(request), why=wanted.why)


def _live(request: HttpRequest, numbers: list[str]) -> dict[str, int]:
    orders = all_of(Order.objects.visible_to(key_of(request)), "number", numbers)
    live = ShortageCase.objects.live().filter(order__in=orders)
    found = dict(live.values_list("order__number", "pk"))
    missing = [
        Wrong(_("Nothing is short of this order."), pointer=f"/{number}")
        for number, each in enumerate(numbers)
        if each not in found
    ]
    if missing:
        raise Problem(409, _("Some of the orders are not short (any more)."), missing)
    return found


def _skus(codes: list[str], where: str) -> dict[str, int]:
    ids = dict(Sku.objects.filter(code__in=codes).values_list("code", "pk"))
    unknown = [
        Wrong(_("Nobody knows this SKU."), pointer=f"/{where}/{number}/sku" if where else "/sku")
        for number, code in enumerate(codes)
        if code not in ids
    ]
    if unknown:
        raise Problem(422, _("Nobody knows some of the SKUs."), unknown)
    return ids


def _told(case: ShortageCase) -> dict[str, Any]:
    return {
        "order": case.order.number,
        "state": case.state,
        "found_at": case.found_at,
        "opened_at": case.opened_at,
        "due_at": case.due_at,
        "choice": case.choice,
        "waits_until": case.waits_until,
        "broken": case.broken,
        "outcome": case.outcome,
    }


def _offered(offer: Offer) -> dict[str, Any]:
    names = ("code", "choice", "label", "note", "on", "difference_fen")
    return {name: getattr(offer, name) for name in names}


def _coming(row: Expected) -> dict[str, Any]:
    return {
        "reference": row.reference,
        "sku": row.sku.code,
        "warehouse": row.warehouse.code,
        "quantity": row.quantity,
        "arrived": row.arrived,
        "due_on": row.due_on,
        "comes_from": row.comes_from,
        "state": row.state,
    }


def _presold(row: Presale) -> dict[str, Any]:
    return {
        "id": row.pk,
        "sku": row.sku.code,
        "shop": row.shop.code if row.shop else None,
        "begins_at": row.begins_at,
        "ends_at": row.ends_at,
        "ships_on": row.ships_on,
        "pool": row.pool,
        "taken": row.taken,
    }
