"""A stocktake that says when it was counted: what has moved since then stays as it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.people.models import Warehouse
from gendan.stock.models import Movement
from gendan.stock.sets import refuse_sets
from gendan.stock.writing import Change, NotEnoughStock, write
from gendan.ui.errors import Refused

# What lies there now, and what of it came or left after the moment; when it was counted last.
# The opening stock is a count too.
LOOK = """
SELECT k.code, c.sku, c.counted, c.at, coalesce(b.on_hand, 0), coalesce(b.reserved, 0),
  coalesce(m.since, 0), m.last_count
FROM unnest(%(skus)s::bigint[], %(counted)s::int[], %(at)s::timestamptz[]) c (sku, counted, at)
JOIN catalog_sku k ON k.id = c.sku
LEFT JOIN stock_balance b ON b.sku_id = c.sku AND b.warehouse_id = %(warehouse)s
CROSS JOIN LATERAL (
  SELECT sum(l.on_hand_change) FILTER (WHERE l.at > c.at) AS since,
    max(l.at) FILTER (WHERE l.movement IN ('COUNTED', 'OPENING')) AS last_count
  FROM stock_ledger l WHERE l.sku_id = c.sku AND l.warehouse_id = %(warehouse)s
) m
ORDER BY k.code
"""

# Nobody moves the goods meanwhile; nobody counts them, either, as their SKUs are locked before.
LOCK = """
SELECT FROM stock_balance WHERE sku_id = ANY (%(skus)s::bigint[]) AND warehouse_id = %(warehouse)s
ORDER BY sku_id FOR NO KEY UPDATE
"""


class WrongMoment(Refused):
    """The moment lies ahead, or the goods have been counted since."""


class WrongCount(Refused):
    """A count is negative, or one SKU was counted at two moments."""


class Counted(NamedTuple):
    """So many pieces of a SKU lay there at a moment."""

    sku_id: int
    quantity: int
    at: datetime


@dataclass(frozen=True)
class Arithmetic:
    """How a count becomes a correction: what is moved since is not overwritten."""

    code: str
    sku_id: int
    counted: int
    at: datetime
    on_hand: int
    reserved: int
    since: int
    last_count: datetime | None

    @property
    def then(self) -> int:
        """How many the ledger says lay there at the moment."""
        return self.on_hand - self.since

    @property
    def correction(self) -> int:
        return self.counted - self.then

    @property
    def after(self) -> int:
        return self.on_hand + self.correction


def take_stock(
    counts: Sequence[Counted], warehouse: Warehouse, *, by: Actor, now: datetime, why: str
) -> list[Arithmetic]:
    """Correct the stock by what was counted less what lay there at that moment; say how.

    :raises WrongMoment: if a moment lies ahead, or the goods have been counted since
    :raises WrongCount: if there is none, one is negative, or a SKU is counted at two moments
    :raises IsSet: if any of the SKUs is a set
    :raises NotEnoughStock: if promised pieces would be missing
    """
    once = _added_up(counts)
    _refuse_ahead(once, now)
    moments = sorted({count.at for count in once})
    facts = {"warehouse": warehouse.name, "at": _said(moments[0])}
    with entry("stock.counted_as_of", by=by, why=why, **facts) as act:
        refuse_sets(count.sku_id for count in once)
        told = _look(once, warehouse)
        _check(told)
        for at in moments:
            changes = [
                Change(each.sku_id, warehouse.pk, each.correction)
                for each in told
                if each.at == at and each.correction
            ]
            document = _("as of %(at)s") % {"at": _said(at)}
            write(changes, Movement.COUNTED, entry=act, document=document)
    return told


def preview(
    counts: Sequence[Counted], warehouse: Warehouse, *, by: Actor, now: datetime
) -> list[Arithmetic]:
    """Return the arithmetic of a stocktake: it is taken, and undone.

    :raises Refused: as `take_stock`
    """
    with transaction.atomic():
        told = take_stock(counts, warehouse, by=by, now=now, why="")
        transaction.set_rollback(True)
    return told


def _added_up(counts: Sequence[Counted]) -> list[Counted]:
    """Add up what lies at several places, each SKU once."""
    if not counts:
        raise WrongCount(_("Say what was counted."))
    total: dict[int, Counted] = {}
    for count in counts:
        known = total.get(count.sku_id)
        if count.quantity < 0:
            raise WrongCount(_("A count can't be negative."))
        if known and known.at != count.at:
            raise WrongCount(_("A SKU is counted at two moments. Leave one of them out."))
        before = known.quantity if known else 0
        total[count.sku_id] = count._replace(quantity=before + count.quantity)
    return [total[sku] for sku in sorted(total)]


def _refuse_ahead(counts: Sequence[Counted], now: datetime) -> None:
    late = next((count for count in counts if count.at > now), None)
    if late:
        raise WrongMoment(
            _("%(at)s lies ahead. Write when the goods were counted.") % {"at": _said(late.at)}
        )


def _look(counts: Sequence[Counted], warehouse: Warehouse) -> list[Arithmetic]:
    values: dict[str, Any] = {
        "skus": [count.sku_id for count in counts],
        "counted": [count.quantity for count in counts],
        "at": [count.at for count in counts],
        "warehouse": warehouse.pk,
    }
    with connection.cursor() as cursor:
        cursor.execute(LOCK, values)
        cursor.execute(LOOK, values)
        return [Arithmetic(*row) for row in cursor.fetchall()]


def _check(told: Sequence[Arithmetic]) -> None:
    for each in told:
        if each.last_count and each.last_count >= each.at:
            raise WrongMoment(
                _(
                    "%(sku)s was counted at %(last)s, after this count. That one stands:"
                    " count again if it is wrong."
                )
                % {"sku": each.code, "last": _said(each.last_count)}
            )
        if each.after < each.reserved:
            raise NotEnoughStock(
                _(
                    "%(sku)s: %(after)s would be left, but %(reserved)s are promised. Take"
                    " reservations back on its page first."
                )
                % {"sku": each.code, "after": each.after, "reserved": each.reserved}
            )


def _said(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"
