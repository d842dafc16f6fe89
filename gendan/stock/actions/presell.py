"""Presales: pieces of a pool of their own, claimed by orders in the order of payment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import IntegrityError, connection, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.models import Order, OrderQuerySet, RefundState
from gendan.orders.move import move
from gendan.orders.stages import Stage
from gendan.stock.actions.cases import end_cases
from gendan.stock.models import Presale, PresaleClaim, Shortage
from gendan.stock.presold import may_part
from gendan.ui.errors import Refused
from gendan.worklist.actions import close_items
from gendan.worklist.models import Kind

RUNNING = "SELECT EXISTS (SELECT FROM stock_presale WHERE ships_on > %s AND taken < pool)"
LOCK = "SELECT id FROM stock_presale WHERE ships_on > %s AND taken < pool ORDER BY id FOR UPDATE"

# Whoever is being served right now is waited for: with all goods set aside, nothing is presold.
MAY_CLAIM = """
SELECT o.id FROM orders_order o
WHERE o.stage IN ('SCREENING', 'HELD', 'READY', 'SHORT') AND EXISTS (
  SELECT FROM orders_line l JOIN stock_presale p ON p.sku_id = l.sku_id
  WHERE l.order_id = o.id AND p.id = ANY(%s) AND NOT l.is_cancelled
    AND o.placed_at >= p.begins_at AND o.placed_at < p.ends_at
    AND NOT EXISTS (SELECT FROM stock_presaleclaim c WHERE c.line_id = l.id))
ORDER BY o.id FOR NO KEY UPDATE
"""

# First come, first served, as long as the pool lasts. A presale of the line's own shop goes first.
CLAIM = """
WITH wanted AS (
  SELECT DISTINCT ON (l.id) l.id AS line_id, l.order_id, l.quantity, p.id AS presale_id,
    p.pool - p.taken AS left_over, p.ships_on, o.priority, o.paid_at
  FROM stock_presale p JOIN orders_line l ON l.sku_id = p.sku_id
  JOIN orders_order o ON o.id = l.order_id
  WHERE p.id = ANY(%(presales)s) AND o.id = ANY(%(orders)s)
    AND o.placed_at >= p.begins_at AND o.placed_at < p.ends_at
    AND (p.shop_id IS NULL OR p.shop_id = o.shop_id)
    AND NOT l.is_cancelled AND l.refund_state <> 'REFUNDED'
    AND NOT EXISTS (SELECT FROM stock_presaleclaim c WHERE c.line_id = l.id)
  ORDER BY l.id, p.shop_id NULLS LAST, p.id
), turn AS (
  SELECT *, sum(quantity) OVER (
    PARTITION BY presale_id ORDER BY priority DESC, paid_at, order_id, line_id) AS through
  FROM wanted
), claimed AS (
  INSERT INTO stock_presaleclaim (presale_id, order_id, line_id, quantity, waits_until)
  SELECT presale_id, order_id, line_id, quantity,
    ships_on::timestamp AT TIME ZONE %(zone)s
  FROM turn WHERE through <= left_over ORDER BY line_id
  RETURNING presale_id, order_id, quantity, waits_until
), counted AS (
  UPDATE stock_presale p SET taken = p.taken + c.pieces
  FROM (SELECT presale_id, sum(quantity) AS pieces FROM claimed GROUP BY presale_id) c
  WHERE p.id = c.presale_id
)
SELECT order_id, max(waits_until) FROM claimed GROUP BY order_id ORDER BY order_id
"""

GIVE_BACK = """
WITH gone AS (
  DELETE FROM stock_presaleclaim WHERE id = ANY(%s) RETURNING presale_id, quantity
)
UPDATE stock_presale p SET taken = p.taken - g.pieces
FROM (SELECT presale_id, sum(quantity) AS pieces FROM gone GROUP BY presale_id) g
WHERE p.id = g.presale_id
"""

# Amended lines: fewer pieces go back at once; more are taken as far as the pool lasts.
FOLLOW_LINES = """
WITH wanted AS (
  SELECT c.id, c.presale_id, l.quantity, l.quantity - c.quantity AS more,
    p.pool - p.taken AS left_over,
    sum(greatest(l.quantity - c.quantity, 0)) OVER (PARTITION BY p.id ORDER BY c.id) AS through
  FROM stock_presaleclaim c JOIN orders_line l ON l.id = c.line_id
  JOIN stock_presale p ON p.id = c.presale_id
  WHERE c.waits_until > %s AND l.quantity <> c.quantity
), changed AS (
  UPDATE stock_presaleclaim c SET quantity = w.quantity FROM wanted w
  WHERE c.id = w.id AND (w.more < 0 OR w.through <= w.left_over)
  RETURNING c.presale_id, w.more
)
UPDATE stock_presale p SET taken = p.taken + c.more
FROM (SELECT presale_id, sum(more) AS more FROM changed GROUP BY presale_id) c
WHERE p.id = c.presale_id
"""
DIFFERENT = """
SELECT DISTINCT c.presale_id FROM stock_presaleclaim c JOIN orders_line l ON l.id = c.line_id
JOIN stock_presale p ON p.id = c.presale_id
WHERE c.waits_until > %s AND (l.quantity < c.quantity
  OR l.quantity > c.quantity AND l.quantity - c.quantity <= p.pool - p.taken)
"""


class CannotPresell(Refused):
    """The pool is smaller than what is sold, or the days do not fit."""


@dataclass(frozen=True)
class NewPresale:
    """What is sold in a presale; no shop: in all of them."""

    sku_id: int
    begins_at: datetime
    ends_at: datetime
    pool: int
    ships_on: date
    shop_id: int | None = None


def presell(new: NewPresale, *, by: Actor, why: str = "") -> Presale:
    """Open a presale.

    :raises CannotPresell: if its days do not fit, or it overlaps another one of the SKU
    """
    _refuse_days(new.begins_at, new.ends_at, new.ships_on)
    with entry("stock.presale_opened", by=by, why=why, count=new.pool):
        same_time = Q(begins_at__lt=new.ends_at, ends_at__gt=new.begins_at)
        same_shop = Q(shop=new.shop_id) if new.shop_id else Q(shop=None)
        if Presale.objects.filter(same_time, same_shop, sku_id=new.sku_id).exists():
            raise CannotPresell(
                _("There is a presale of these goods at that time already. Change that one.")
            )
        return Presale.objects.create(**vars(new))


def change_presale(
    presale: Presale, *, pool: int, ends_at: datetime, ships_on: date, by: Actor, why: str
) -> Presale:
    """Change how many are sold, until when, and the day of sending; who has claimed keeps it.

    :raises CannotPresell: if more is sold already, or the days do not fit
    """
    _refuse_days(presale.begins_at, ends_at, ships_on)
    try:
        with entry("stock.presale_changed", by=by, why=why):
            Presale.objects.filter(pk=presale.pk).update(
                pool=pool, ends_at=ends_at, ships_on=ships_on
            )
            until = _morning(ships_on)
            claims = PresaleClaim.objects.filter(presale=presale).exclude(waits_until=until)
            orders = list(claims.values_list("order_id", flat=True))
            claims.update(waits_until=until)
            _promise(dict.fromkeys(orders, until))
    except IntegrityError as error:
        raise CannotPresell(
            _("More pieces are sold already than the pool would hold. Nothing was changed.")
        ) from error
    presale.refresh_from_db()
    return presale


def claim_presales(*, by: Actor, now: datetime) -> int:
    """Give paid orders their pieces of the running presales; return how many orders.

    Such an order is not short: it waits until the day of sending, or only what is presold of it
    does, as the house has chosen.
    """
    today = timezone.localdate(now)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(RUNNING, [today])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(LOCK, [today])
        presales = [row[0] for row in cursor.fetchall()]
        cursor.execute(MAY_CLAIM, [presales])
        orders = [row[0] for row in cursor.fetchall()]
        with entry("stock.presale_claimed", by=by):
            zone = timezone.get_current_timezone_name()
            cursor.execute(CLAIM, {"presales": presales, "orders": orders, "zone": zone})
            claimed = dict(cursor.fetchall())
            _let_part(claimed)
            _promise(claimed)
            _short_no_more(claimed, by=by, now=now)
    return len(claimed)


def give_back_presales(*, by: Actor) -> int:
    """Put pieces back into the pools whose orders or lines are over; return how many lines.

    A line that was changed to other goods has nothing of the presale any more.
    """
    gone = Q(order__stage=Stage.CANCELLED) | Q(line__is_cancelled=True)
    gone |= Q(line__refund_state=RefundState.REFUNDED) | ~Q(line__sku=F("presale__sku"))
    over = PresaleClaim.objects.filter(gone)
    ids = list(over.values_list("pk", flat=True))
    if not ids:
        return 0
    with entry("stock.presale_given_back", by=by), connection.cursor() as cursor:
        cursor.execute(GIVE_BACK, [ids])
    return len(ids)


def follow_amended(*, by: Actor, now: datetime) -> int:
    """Let claims follow lines whose quantity was changed; return how many presales it concerned."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(DIFFERENT, [now])
        if not (ids := [row[0] for row in cursor.fetchall()]):
            return 0
        with entry("stock.presale_followed", by=by, count=len(ids)):
            list(Presale.objects.filter(pk__any=ids).order_by("pk").select_for_update())
            cursor.execute(FOLLOW_LINES, [now])
    return len(ids)


def wait_whole(orders: OrderQuerySet, *, by: Actor, why: str = "") -> int:
    """Let the orders wait as a whole for what is presold of them; return how many claims."""
    with entry("stock.presale_waits_whole", by=by, why=why):
        return PresaleClaim.objects.filter(order__in=orders).update(holds_order=True)


def _let_part(claimed: Mapping[int, datetime]) -> None:
    """Note of which orders only the presold goods wait."""
    if parting := may_part(claimed):
        PresaleClaim.objects.filter(order_id__any=parting).update(holds_order=False)


def _refuse_days(begins_at: datetime, ends_at: datetime, ships_on: date) -> None:
    if begins_at >= ends_at:
        raise CannotPresell(_("The presale must begin before it ends."))
    if ships_on < timezone.localdate(ends_at):
        raise CannotPresell(_("The day of sending must not be before the end of the presale."))


def _morning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _promise(until: dict[int, datetime]) -> None:
    """Promise the orders for the end of the day of sending."""
    if until:
        rows = list(Order.objects.numbered(until).order_by("pk").select_for_update(no_key=True))
        for row in rows:
            row.promise_at = until[row.pk] + timedelta(days=1)
        Order.objects.bulk_update(rows, ["promise_at"])


def _short_no_more(
    orders: Sequence[int] | dict[int, datetime], *, by: Actor, now: datetime
) -> None:
    short = Order.objects.numbered(orders).filter(stage=Stage.SHORT)
    ids = list(short.values_list("pk", flat=True))
    if ids:
        move(Order.objects.numbered(ids), Stage.READY)
        Shortage.objects.filter(order_id__any=ids).delete()
        close_items([Kind.SHORT], "order", ids, by=by, now=now, why=_("sold in a presale"))
        end_cases(ids, by=by, now=now, outcome=_("sold in a presale"))
