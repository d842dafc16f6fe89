"""First sight of unpaid orders: which plan is for each, and whether it is held out."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.actions.tend import tend
from gendan.orders.chasing import A_DAY, is_held_out, rules, terms
from gendan.orders.finding import order_finder
from gendan.orders.models import Chase, ChasePlan, Order, OrderQuerySet
from gendan.orders.stages import Source, Stage
from gendan.ui.finding import FindingError

BATCH = 2000


def see(*, by: Actor, now: datetime, limit: int = BATCH) -> int:
    """Take the unpaid orders that nobody has looked at into their plans; return how many."""
    if rules() is None:
        return 0
    unseen = Order.objects.filter(stage=Stage.UNPAID, chase=None, is_cod=False)
    ids = list(unseen.order_by("pk").values_list("pk", flat=True)[:limit])
    if not ids:
        return 0
    with entry("chase.seen", by=by, count=len(ids)):
        chosen = Order.objects.numbered(ids)
        seen = Chase.objects.bulk_create(_seen(chosen, now), ignore_conflicts=True)
        tend(by=by, now=now, orders=chosen)  # who is held out is known from now on
        return len(seen)


def _seen(orders: OrderQuerySet, now: datetime) -> Iterator[Chase]:
    plans, hours = _plans(orders, now), terms()
    known = set(orders.filter(order_finder.q("paid_before = yes", now=now)).values_list("pk"))
    for order in orders.select_related("shop").order_by("pk"):
        closes_at = _closes(order, hours)
        plan = plans.get(order.pk) if closes_at > now else None  # too late to chase, or to measure
        yield Chase(
            order=order,
            plan=plan,
            is_held_out=plan is not None and is_held_out(plan, order.pk),
            is_known_buyer=(order.pk,) in known,
            customer_key=_customer(order),
            since_at=_since(order),
            closes_at=closes_at,
            seen_at=now,
            owed_fen=order.total_fen - order.paid_fen,
        )


def _plans(orders: OrderQuerySet, now: datetime) -> dict[int, ChasePlan]:
    """Return the plan of each order (by id): the first, by position, whose condition it meets."""
    found: dict[int, ChasePlan] = {}
    for plan in reversed(ChasePlan.objects.filter(is_on=True)):
        try:
            fitting = orders.filter(order_finder.q(plan.expression, now=now))
        except FindingError:  # a field it asks about was renamed: the plan's page says so
            continue
        found |= dict.fromkeys(fitting.values_list("pk", flat=True), plan)
    return found


def _customer(order: Order) -> str:
    """Return what all orders of one customer have in common, as far as that is known."""
    if order.customer_id:
        return f"customer {order.customer_id}"
    if order.buyer:
        return f"{order.shop.platform} {order.buyer}"[:160]
    return f"order {order.pk}"


def _since(order: Order) -> datetime:
    return order.placed_at if order.source == Source.FILE else order.stage_since


def _closes(order: Order, hours: dict[str, int]) -> datetime:
    """Return when the order closes by itself: by the platform's term, or by our own."""
    if order.source == Source.FILE:
        return order.placed_at + timedelta(hours=hours.get(order.shop.platform, A_DAY))
    return order.stage_since + timedelta(hours=settings.UNPAID_HOURS)
