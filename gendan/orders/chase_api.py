"""Chasing payment over the API: the queue, words and their outcomes, offers, and what it brings."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema

from gendan.orders.actions import chase as acts
from gendan.orders.finding import order_finder
from gendan.orders.models import Chase, ChaseOffer, ChaseTouch, Order, OrderQuerySet
from gendan.orders.queries.chase_gain import Gain, gains
from gendan.orders.queries.chasing import queue
from gendan.people.api import all_of, key_of, needs
from gendan.ui.api import Page, Problem, page
from gendan.ui.api.paging import Asked

router = Router(tags=["chasing"])


class UnpaidOut(Schema):
    order: str
    total_fen: int
    paid_fen: int
    plan: str | None
    is_held_out: bool = Field(description="Drawn not to be chased: leave it alone.")
    is_known_buyer: bool
    closes_at: datetime | None = Field(description="None until it is taken into a plan.")


class SaidIn(Schema):
    order: str
    channel: str = Field("CHAT", description="CHAT, PHONE or MAIL.")
    text: str = Field("", max_length=2000, description="Empty: the customer came to us.")
    reason: str = Field("", description="PRICE, FIRST_TIME, COMPARES, TROUBLE or FORGOT.")
    outcome: str = Field(
        "",
        description="WILL_PAY, NEEDS_HELP, WANTS_OFFER, NO_INTEREST, UNREACHABLE, SAYS_PAID or "
        "WANTS_CHANGE.",
    )
    will_pay_at: datetime | None = None
    words: str = Field("", max_length=500)


class SaidAllIn(Schema):
    said: list[SaidIn] = Field(min_length=1, max_length=1_000)
    why: str = ""


class TouchOut(Schema):
    order: str
    reason: str
    channel: str
    said_at: datetime | None
    outcome: str
    will_pay_at: datetime | None


class OfferIn(Schema):
    order: str
    off_fen: int = Field(gt=0)
    until_at: datetime | None = Field(None, description="None: for a day.")
    why: str = ""


class OfferOut(Schema):
    id: int
    order: str
    off_fen: int
    state: str = Field(description="GIVEN, or ASKED: a supervisor decides.")
    until_at: datetime
    waits_there: bool = Field(
        description="Of a platform's order: somebody still has to change the price there."
    )
    to_fen: int | None = Field(description="What it has to cost there.")


class ThereIn(Schema):
    done: Literal["CHANGED", "IMPOSSIBLE", "RESTORED"] = Field(
        description="The price was changed there, can't be (say why), or was set back."
    )
    why: str = Field("", max_length=300)


class GainOut(Schema):
    label: str
    chased_orders: int
    chased_paid: int
    held_out_orders: int
    held_out_paid: int
    points: float = Field(description="Difference of the shares, in percentage points.")
    low: float
    high: float
    verdict: str = Field(description="MORE, LESS, OPEN (may be nothing) or FEW (too few to say).")


class GainsOut(Schema):
    whole: GainOut
    plans: list[GainOut]
    weeks: list[GainOut]


@router.get("", response=Page[UnpaidOut], summary="Unpaid orders, and when they close")
@needs("orders.chase")
def unpaid(request: HttpRequest, asked: Asked) -> Any:
    return page(queue(key_of(request)), asked, order_finder, _unpaid)


@router.post("/say", response=list[TouchOut], summary="Note what was said, and what came of it")
@needs("orders.chase")
def say(request: HttpRequest, told: SaidAllIn) -> Any:
    """Mail is sent; everything else counts as said; in the quiet hours nothing is, with words.

    NO_INTEREST cancels our own order of which nothing is paid, without a second question.
    """
    numbers = [one.order for one in told.said]
    ids = dict(_chosen(request, numbers).values_list("number", "pk"))
    said = [acts.Said(ids[one.order], **_without_order(one)) for one in told.said]
    touches = acts.say(said, by=key_of(request), now=timezone.now(), why=told.why)
    return [_touch(number, touch) for number, touch in zip(numbers, touches, strict=True)]


@router.post("/offers", response=OfferOut, summary="Offer a lower price")
@needs("orders.chase")
def offer(request: HttpRequest, asked: OfferIn) -> Any:
    """A key has no authority of its own: a supervisor is asked, unless it may sell below floor."""
    order = _chosen(request, [asked.order]).get()
    chase = Chase.objects.filter(order=order).first()
    if chase is None:
        raise Problem(409, _("This order is not in the queue. Wait a minute, and try again."))
    made = acts.offer(
        chase,
        asked.off_fen,
        by=key_of(request),
        now=timezone.now(),
        why=asked.why,
        until_at=asked.until_at,
    )
    return _told(made, order)


@router.post(
    "/offers/{int:pk}/there", response=OfferOut, summary="Note what was done on the platform"
)
@needs("orders.chase")
def there(request: HttpRequest, pk: int, told: ThereIn) -> Any:
    """Nothing is done on the platform from here: this notes what somebody did there."""
    seen = Order.objects.visible_to(key_of(request))
    offers = ChaseOffer.objects.select_related("chase__order")
    found = get_object_or_404(offers, pk=pk, chase__order__in=seen)
    acted = THERE[told.done](found, by=key_of(request), now=timezone.now(), why=told.why)
    return _told(acted, found.chase.order)


THERE: dict[str, Callable[..., ChaseOffer]] = {
    "CHANGED": acts.changed_there,
    "IMPOSSIBLE": acts.impossible_there,
    "RESTORED": acts.restored_there,
}


@router.get("/gain", response=GainsOut, summary="What chasing brings against who is held out")
@needs("orders.chase")
def gain(request: HttpRequest, weeks: int = 12) -> Any:
    now = timezone.now()
    since = now - timedelta(weeks=max(1, min(weeks, 200)))
    brought = gains(key_of(request), since=since, now=now)
    return {
        "whole": _gain(brought.whole),
        "plans": [_gain(one) for one in brought.plans],
        "weeks": [_gain(one) for one in brought.weeks],
    }


def _told(made: ChaseOffer, order: Order) -> dict[str, Any]:
    names = ("id", "off_fen", "state", "until_at", "waits_there")
    told = {name: getattr(made, name) for name in names}
    return {"order": order.number, "to_fen": made.to_fen if made.is_there else None, **told}


def _chosen(request: HttpRequest, numbers: list[str]) -> OrderQuerySet:
    seen = Order.objects.visible_to(key_of(request))
    found: OrderQuerySet = all_of(seen, "number", list(dict.fromkeys(numbers)))
    return found


def _without_order(one: SaidIn) -> dict[str, Any]:
    return {name: value for name, value in one.dict().items() if name != "order"}


def _unpaid(order: Order) -> dict[str, Any]:
    chase: Any = getattr(order, "chase", None)
    return {
        "order": order.number,
        "total_fen": order.total_fen,
        "paid_fen": order.paid_fen,
        "plan": chase.plan.code if chase and chase.plan else None,
        "is_held_out": bool(chase and chase.is_held_out),
        "is_known_buyer": bool(chase and chase.is_known_buyer),
        "closes_at": chase and chase.closes_at,
    }


def _touch(number: str, touch: ChaseTouch) -> dict[str, Any]:
    names = ("reason", "channel", "said_at", "outcome", "will_pay_at")
    return {"order": number, **{name: getattr(touch, name) for name in names}}


def _gain(one: Gain) -> dict[str, Any]:
    low, high = one.interval
    return {
        "label": one.label,
        "chased_orders": one.chased.orders,
        "chased_paid": one.chased.paid,
        "held_out_orders": one.held.orders,
        "held_out_paid": one.held.paid,
        "points": round(one.points, 2),
        "low": round(low, 2),
        "high": round(high, 2),
        "verdict": one.verdict,
    }
