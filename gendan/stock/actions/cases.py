"""Cases of short goods: opened when something is found missing, ended when it is settled."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from gendan.desk.actions import withdraw
from gendan.desk.models import Message, State, Topic
from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.models import Order
from gendan.orders.stages import BEFORE_ITS_GOODS, Stage
from gendan.stock.asking import to_settle
from gendan.stock.models import CaseQuerySet, CaseState, FoundAt, Rest, ShortageCase
from gendan.stock.queries.offers import Offer, offers
from gendan.stock.writing import array
from gendan.worklist.actions import close_items, open_items
from gendan.worklist.models import Item, Kind

# An order has one live case. What is missed on the shelf comes to it, too, and opens it again.
OPEN = """
WITH found AS MATERIALIZED (
  SELECT * FROM unnest(%(orders)s::bigint[], %(skus)s::bigint[], %(lines)s::bigint[],
    %(warehouses)s::bigint[], %(missing)s::int[])
    AS f (order_id, sku_id, line_id, warehouse_id, missing)
), opened AS (
  INSERT INTO stock_shortagecase (order_id, found_at, state, opened_at, choice, broken, outcome)
  SELECT DISTINCT order_id, %(at)s, 'OPEN', %(now)s::timestamptz, '', 0, '' FROM found ORDER BY 1
  ON CONFLICT (order_id) WHERE state IN ('OPEN', 'ASKED', 'WAITING')
    DO UPDATE SET state = 'OPEN' WHERE %(on_the_shelf)s
  RETURNING id, order_id
)
INSERT INTO stock_caseline (case_id, sku_id, line_id, warehouse_id, missing)
SELECT o.id, f.sku_id, f.line_id, min(f.warehouse_id), sum(f.missing)
FROM opened o JOIN found f USING (order_id) GROUP BY o.id, f.sku_id, f.line_id
ON CONFLICT (case_id, sku_id, line_id) DO UPDATE SET missing = excluded.missing
"""


class Found(NamedTuple):
    """So many pieces of a SKU are missing for an order; on a shelf also: of which line, where."""

    order_id: int
    sku_id: int
    missing: int
    line_id: int | None = None
    warehouse_id: int | None = None


def open_cases(
    found: Sequence[Found], at: FoundAt, *, by: Actor, now: datetime, why: str = ""
) -> CaseQuerySet:
    """Open a case for each of the orders that has none; return those that are live now."""
    orders = sorted({each.order_id for each in found})
    if found:
        on_the_shelf = at in (FoundAt.PICKING, FoundAt.PACKING)
        with entry("shortage.found", by=by, why=why, count=len(orders)):
            if on_the_shelf:
                _take_back_questions(orders, by=by)
            ids, skus, missing, lines, places = zip(*found, strict=True)
            with connection.cursor() as cursor:
                cursor.execute(
                    OPEN,
                    {
                        "orders": array(ids),
                        "skus": array(skus),
                        "lines": array(lines),
                        "warehouses": array(places),
                        "missing": array(missing),
                        "at": at.value,
                        "now": now,
                        "on_the_shelf": on_the_shelf,
                    },
                )
    return ShortageCase.objects.live().filter(order_id__any=orders)


def end_cases(orders: Iterable[int], *, by: Actor, now: datetime, outcome: str) -> int:
    """End what is live about the orders, because it has settled itself; return how many cases."""
    live = ShortageCase.objects.live().filter(order_id__any=list(orders)).order_by("pk")
    with transaction.atomic(savepoint=False):
        locked = live.select_for_update(no_key=True)
        owners = dict(locked.values_list("pk", "order_id"))
        if owners:
            _end(owners, by=by, now=now, outcome=outcome)
    return len(owners)


def _end(owners: Mapping[int, int], *, by: Actor, now: datetime, outcome: str) -> None:
    with entry("shortage.ended", by=by, why=outcome, count=len(owners)):
        ShortageCase.objects.numbered([*owners]).update(
            state=Case(
                When(state=CaseState.WAITING, then=Value(CaseState.CARRIED_OUT.value)),
                default=Value(CaseState.CLOSED.value),
            ),
            closed_at=now,
            outcome=outcome[:300],
        )
        _settle([*owners.values()], by=by, now=now, why=outcome)


def look_after(*, by: Actor, now: datetime) -> int:
    """Keep the cases true: end what is settled, reopen what was promised and did not come.

    Return how many cases changed.
    """
    return (
        _end_settled(by=by, now=now)
        + _end_early(by=by, now=now)
        + _open_missing(by=by, now=now)
        + _reopen(by=by, now=now)
        + _ask_anew(by=by, now=now)
    )


def take_back_question(orders: Collection[int], *, by: Actor, now: datetime, why: str) -> None:
    """Take the question back and let a merchandiser settle the cases of the orders anew."""
    with entry("shortage.reopened", by=by, why=why, count=len(orders)):
        live = ShortageCase.objects.live().filter(order_id__any=list(orders))
        live.update(state=CaseState.OPEN, asked_at=None, due_at=None, waits_until=None, choice="")
        _settle(orders, by=by, now=now, why=why)
        open_items(to_settle(orders, why), by=by, now=now)


def _settle(orders: Collection[int], *, by: Actor, now: datetime, why: str) -> None:
    close_items([Kind.CHOICE, Kind.SHORT], "order", orders, by=by, now=now, why=why[:200])
    _take_back_questions(orders, by=by, why=why)


def _take_back_questions(orders: Collection[int], *, by: Actor, why: str = "") -> None:
    asked = Message.objects.about("order", *orders).filter(topic=Topic.SHORTAGE)
    open_ones = asked.exclude(state__in=("ANSWERED", "WITHDRAWN"))
    if open_ones.exists():
        withdraw(open_ones, by=by, why=why)


def _end_settled(*, by: Actor, now: datetime) -> int:
    """End the cases of orders of which nothing is short any more."""
    missed = Item.objects.open().filter(
        kind=Kind.SHORT, subject="order", subject_id=OuterRef("order_id")
    )
    waits = (
        Q(order__stage=Stage.SHORT)
        | Q(found_at=FoundAt.ORDER, order__stage__in=BEFORE_ITS_GOODS)
        | Q(order__stage=Stage.ALLOCATED)
        & (Q(Exists(Rest.objects.filter(order=OuterRef("order_id")))) | Q(Exists(missed)))
    )
    over = ShortageCase.objects.live().exclude(waits)
    ids = list(over.values_list("order_id", flat=True))
    return end_cases(ids, by=by, now=now, outcome=_("nothing is short any more")) if ids else 0


def _end_early(*, by: Actor, now: datetime) -> int:
    """End the cases of orders that nobody has reserved for, and whose goods are there by now."""
    early = ShortageCase.objects.live().filter(
        found_at=FoundAt.ORDER, order__stage__in=BEFORE_ITS_GOODS
    )
    rows = dict(early.values_list("pk", "order_id"))
    if not rows:
        return 0
    found = offers(ShortageCase.objects.numbered([*rows]), now=now)
    there = [order for pk, order in rows.items() if not found[pk]]
    return end_cases(there, by=by, now=now, outcome=_("the goods came")) if there else 0


def _open_missing(*, by: Actor, now: datetime) -> int:
    """Open cases for short orders that have none: their last one ended otherwise."""
    live = ShortageCase.objects.live().filter(order=OuterRef("pk"))
    short = Order.objects.filter(stage=Stage.SHORT).exclude(Exists(live))
    rows = short.filter(shortages__isnull=False).values_list(
        "pk", "shortages__sku_id", "shortages__missing"
    )
    found = [Found(*row) for row in rows]
    return open_cases(found, FoundAt.RESERVATION, by=by, now=now).count() if found else 0


def _ask_anew(*, by: Actor, now: datetime) -> int:
    """Take back the questions that offer what cannot be had any more."""
    asked = ShortageCase.objects.filter(state=CaseState.ASKED)
    rows = list(asked.values_list("pk", "order_id"))
    if not rows:
        return 0
    questions = Message.objects.about("order", *(order for _pk, order in rows)).filter(
        topic=Topic.SHORTAGE, state__in=(State.SENDING, State.SENT)
    )
    told = {question.facts.get("case"): question.choices for question in questions}
    found = offers(asked, now=now)
    stale = [order for pk, order in rows if not _holds(told.get(pk, []), found.get(pk, []))]
    if stale:
        why = _("What was offered cannot be had any more: ask the customer anew.")
        take_back_question(stale, by=by, now=now, why=why)
    return len(stale)


def _holds(told: Sequence[Mapping[str, str]], found: Sequence[Offer]) -> bool:
    """Say whether everything that was offered can still be had, no later than was said."""
    now = {offer.code: offer.on.isoformat() if offer.on else "" for offer in found}
    return all(
        each["code"] in now and now[each["code"]] <= each.get("on", now[each["code"]])
        for each in told
    )


def _reopen(*, by: Actor, now: datetime) -> int:
    """Reopen the cases of customers who waited until a day that has passed."""
    today = timezone.localdate(now)
    late = ShortageCase.objects.filter(state=CaseState.WAITING, waits_until__lt=today)
    ids = list(late.values_list("order_id", flat=True))
    if ids:
        with entry("shortage.not_kept", by=by, count=len(ids)):
            late.update(broken=F("broken") + 1)
            why = _("The day until which the customer wanted to wait has passed.")
            take_back_question(ids, by=by, now=now, why=why)
    return len(ids)
