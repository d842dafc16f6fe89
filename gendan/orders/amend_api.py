"""Amendments over the API: asked for, tried, and decided, as on the pages."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema, Status

from gendan.orders.actions import amend
from gendan.orders.actions.change_back import change_back
from gendan.orders.actions.refund import NewRefund, refund
from gendan.orders.amending.snapshot import differences
from gendan.orders.amending.wanted import Wanted
from gendan.orders.amendments import AMENDMENTS
from gendan.orders.api import Brief, PaymentsIn
from gendan.orders.models import Amendment, AmendmentQuerySet, AskedBy, Cause, Order
from gendan.orders.queries.amendments import consequences_of, differences_of, wishes_of
from gendan.people.api import all_of, key_of, needs
from gendan.ui.api import Page, page
from gendan.ui.api.paging import Asked

router = Router(tags=["amendments"])


class AmendmentIn(Schema):
    order: str = Field(description="The order's number.")
    wanted: list[Wanted] = Field(min_length=1, max_length=50)
    asked_by: AskedBy = AskedBy.CLERK
    cause: Cause = Cause.OTHER
    words: str = Field("", max_length=500)


class AmendmentsIn(Schema):
    amendments: list[AmendmentIn] = Field(min_length=1, max_length=300)
    why: str = ""


class DifferenceOut(Schema):
    what: str
    before: str
    after: str


class ConsequenceOut(Schema):
    kind: str
    sentence: str
    facts: dict[str, Any]


class AmendmentOut(Schema):
    number: str
    order: str
    state: str
    asked_by: str
    cause: str
    words: str
    wanted: list[str]
    version: int | None = Field(description="The version of the order that it made.")
    undoes: str = Field(description="The number of the amendment that it takes back, or empty.")
    difference_fen: int | None
    requested_by: str
    requested_at: datetime
    decided_by: str
    decided_at: datetime | None
    differences: list[DifferenceOut]
    consequences: list[ConsequenceOut]


class PreviewOut(Schema):
    number: str
    digest: str = Field(description="Give it back when you confirm: it names exactly this.")
    difference_fen: int
    owed_fen: int = Field(description="Left to pay afterwards; below zero: to give back.")
    differences: list[DifferenceOut]
    consequences: list[ConsequenceOut]


class Chosen(Schema):
    numbers: list[str] = Field(min_length=1, max_length=300)
    why: str = ""


class Confirmed(Chosen):
    seen: dict[str, str] = Field(
        default_factory=dict,
        description="Digests by number. Without one the order must be as it was when asked.",
    )


@router.get("", response=Page[AmendmentOut], summary="Find amendments")
@needs("orders.see")
def list_amendments(request: HttpRequest, asked: Asked) -> Any:
    return page(_seen(request), asked, AMENDMENTS.finder, told)


@router.post("", response={201: list[AmendmentOut]}, summary="Ask for changes of orders")
@needs("orders.amend")
def request_amendments(request: HttpRequest, asked: AmendmentsIn) -> Any:
    """Nothing changes yet: look at the previews, then confirm."""
    orders = all_of(
        Order.objects.visible_to(key_of(request)),
        "number",
        [one.order for one in asked.amendments],
    )
    ids = dict(orders.values_list("number", "pk"))
    news = [
        amend.NewAmendment(ids[one.order], one.wanted, one.asked_by, one.cause, one.words)
        for one in asked.amendments
    ]
    made = amend.request(news, by=key_of(request), now=timezone.now(), why=asked.why)
    return Status(201, [told(one) for one in made.select_related("order", "undoes")])


@router.post("/preview", response=list[PreviewOut], summary="See what would follow")
@needs("orders.amend")
def preview(request: HttpRequest, chosen: Chosen) -> Any:
    """The act itself, undone: confirming does exactly this."""
    shown = amend.preview(_chosen(request, chosen), by=key_of(request), now=timezone.now())
    return [
        {
            "number": one.amendment.number,
            "digest": one.digest,
            "difference_fen": one.difference_fen,
            "owed_fen": one.owed_fen,
            "differences": differences(one.before, one.after),
            "consequences": one.consequences,
        }
        for one in shown.values()
    ]


@router.post("/confirm", response=list[AmendmentOut], summary="Carry amendments out")
@needs("orders.amend")
def confirm(request: HttpRequest, chosen: Confirmed) -> Any:
    rows = _chosen(request, chosen)
    numbers = dict(rows.values_list("number", "pk"))
    seen = {numbers[number]: digest for number, digest in chosen.seen.items() if number in numbers}
    done = amend.confirm(rows, by=key_of(request), now=timezone.now(), why=chosen.why, seen=seen)
    return [told(one) for one in done.select_related("order", "undoes")]


@router.post("/decline", response=list[AmendmentOut], summary="Decline; `why` is required")
@needs("orders.amend")
def decline(request: HttpRequest, chosen: Chosen) -> Any:
    rows = _chosen(request, chosen)
    done = amend.decline(rows, by=key_of(request), now=timezone.now(), why=chosen.why)
    return [told(one) for one in done.select_related("order", "undoes")]


@router.post("/withdraw", response=list[AmendmentOut], summary="Take wishes back")
@needs("orders.amend")
def withdraw(request: HttpRequest, chosen: Chosen) -> Any:
    rows = _chosen(request, chosen)
    done = amend.withdraw(rows, by=key_of(request), now=timezone.now(), why=chosen.why)
    return [told(one) for one in done.select_related("order", "undoes")]


@router.post("/told", response=list[AmendmentOut], summary="The platforms know of the changes")
@needs("orders.amend")
def told_platforms(request: HttpRequest, chosen: Chosen) -> Any:
    rows = _chosen(request, chosen)
    done = amend.told_platform(rows, by=key_of(request), now=timezone.now(), why=chosen.why)
    return [told(one) for one in done.select_related("order", "undoes")]


@router.post("/back", response={201: list[AmendmentOut]}, summary="Ask for the reverse")
@needs("orders.amend")
def back(request: HttpRequest, chosen: Chosen) -> Any:
    """Of what was carried out; look at the previews, then confirm."""
    rows = _chosen(request, chosen)
    asked = change_back(rows, by=key_of(request), now=timezone.now(), why=chosen.why)
    return Status(201, [told(one) for one in asked.select_related("order", "undoes")])


@router.post("/refund", response=list[Brief], summary="Record money that went back")
@needs("orders.refund")
def give_back(request: HttpRequest, paid: PaymentsIn) -> Any:
    """No more than what the orders were paid too much."""
    orders = all_of(
        Order.objects.visible_to(key_of(request)), "number", [one.order for one in paid.payments]
    )
    ids = dict(orders.values_list("number", "pk"))
    refunds = [
        NewRefund(ids[one.order], one.method, one.amount_fen, one.reference, one.at)
        for one in paid.payments
    ]
    return refund(refunds, by=key_of(request), now=timezone.now(), why=paid.why)


@router.get("/{number}", response=AmendmentOut, summary="One amendment, and what came of it")
@needs("orders.see")
def get_amendment(request: HttpRequest, number: str) -> Any:
    return told(all_of(_seen(request), "number", [number]).get())


def told(one: Amendment) -> dict[str, Any]:
    """Return an amendment as the API tells it; persons are masked."""
    return {
        **{name: getattr(one, name) for name in AmendmentOut.model_fields if hasattr(one, name)},
        "order": one.order.number,
        "wanted": wishes_of(one),
        "undoes": one.undoes.number if one.undoes else "",
        "differences": differences_of(one),
        "consequences": consequences_of(one),
    }


def _seen(request: HttpRequest) -> AmendmentQuerySet:
    return Amendment.objects.visible_to(key_of(request)).select_related("order", "undoes")


def _chosen(request: HttpRequest, chosen: Chosen) -> AmendmentQuerySet:
    found: AmendmentQuerySet = all_of(
        Amendment.objects.visible_to(key_of(request)), "number", chosen.numbers
    )
    return found
