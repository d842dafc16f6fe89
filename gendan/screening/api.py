"""Holding, clearing and releasing orders over the API."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema

from gendan.orders.api import Brief, Chosen
from gendan.orders.models import Order, OrderQuerySet
from gendan.people.api import all_of, key_of, needs
from gendan.screening import actions
from gendan.screening.models import Hold
from gendan.screening.sweeping import kept_days
from gendan.screening.wording import masked

router = Router(tags=["screening"])


class Clear(Chosen):
    rule: str = Field(description="The code of the rule whose holds are cleared.")


class SweepOut(Schema):
    on: date
    held: int
    long: int = Field(description="Held for more hours than their rule allows.")
    value_fen: int
    oldest_at: datetime | None
    by_rule: dict[str, int]


class HoldOut(Schema):
    order: str
    rule: str
    review: str = Field(description="SERVICE looks first, then FINANCE.")
    severity: str
    evidence: dict[str, Any] = Field(
        description="Persons are masked, unless the key may customers.unmask."
    )


@router.post("/hold", response=list[Brief], summary="Hold orders; `why` is required")
@needs("screening.review")
def hold(request: HttpRequest, chosen: Chosen) -> Any:
    orders = _chosen(request, chosen.numbers)
    return actions.hold(orders, by=key_of(request), now=timezone.now(), why=chosen.why)


@router.post("/release", response=list[Brief], summary="Release held orders")
@needs("screening.review")
def release(request: HttpRequest, chosen: Chosen) -> Any:
    orders = _chosen(request, chosen.numbers)
    return actions.release(orders, by=key_of(request), now=timezone.now(), why=chosen.why)


@router.post("/force", response=list[Brief], summary="Release in spite of holds; `why` is required")
@needs("screening.force")
def force(request: HttpRequest, chosen: Chosen) -> Any:
    orders = _chosen(request, chosen.numbers)
    return actions.force(orders, by=key_of(request), now=timezone.now(), why=chosen.why)


@router.post("/finance/release", response=list[Brief], summary="Pass the review of finance")
@needs("screening.finance")
def release_for_finance(request: HttpRequest, chosen: Chosen) -> Any:
    orders = _chosen(request, chosen.numbers)
    return actions.release(orders, by=key_of(request), now=timezone.now(), why=chosen.why)


@router.get("/sweeps", response=list[SweepOut], summary="What was held, day by day")
@needs("screening.review")
def sweeps(request: HttpRequest) -> Any:
    """They are of the whole house: a key that sees some of its shops sees none of them."""
    return kept_days(key_of(request))[:90]


@router.post("/clear", response=list[Brief], summary="Clear one rule's holds; `why` is required")
@needs("screening.review")
def clear(request: HttpRequest, chosen: Clear) -> Any:
    """Return the orders that nothing holds any more."""
    orders = _chosen(request, chosen.numbers)
    open_now = Hold.objects.filter(order__in=orders, rule__code=chosen.rule, cleared_at=None)
    return actions.clear(open_now, by=key_of(request), now=timezone.now(), why=chosen.why)


@router.get("/{number}/holds", response=list[HoldOut], summary="Why an order is held")
@needs("orders.see")
def holds(request: HttpRequest, number: str) -> Any:
    in_full = key_of(request).may("customers.unmask")
    order = _chosen(request, [number]).get()
    open_now = Hold.objects.filter(order=order, cleared_at=None).select_related("rule")
    return [
        {
            "order": number,
            "rule": one.rule.code,
            "review": one.rule.review,
            "severity": one.severity,
            "evidence": one.evidence if in_full else masked(one.evidence),
        }
        for one in open_now
    ]


def _chosen(request: HttpRequest, numbers: list[str]) -> OrderQuerySet:
    found: OrderQuerySet = all_of(Order.objects.visible_to(key_of(request)), "number", numbers)
    return found
