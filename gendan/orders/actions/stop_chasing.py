"""The end of chasing: as soon as an order is paid or closed, nothing more is said about it."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _

from gendan.desk.actions import withdraw
from gendan.desk.models import Message
from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.orders.models import ChaseOffer, OfferState
from gendan.worklist.actions import close_items
from gendan.worklist.models import Kind

# Whoever answers a message holds it, and waits for the order that we hold: it is left to them.
UNSAID = """
SELECT m.id FROM desk_message m JOIN orders_order o ON o.id = m.subject_id
WHERE m.subject = 'order' AND m.topic = 'CHASE' AND m.state IN ('DRAFT', 'SENDING', 'FAILED')
  AND o.stage <> 'UNPAID' AND (%(ids)s::bigint[] IS NULL OR o.id = ANY(%(ids)s))
ORDER BY m.id FOR NO KEY UPDATE OF m SKIP LOCKED
"""
OVER = """
SELECT f.id, o.paid_at IS NOT NULL, NOT f.is_there OR o.total_fen < f.was_fen
FROM orders_chaseoffer f
JOIN orders_chase c ON c.id = f.chase_id JOIN orders_order o ON o.id = c.order_id
WHERE o.stage <> 'UNPAID' AND (f.state IN ('ASKED', 'GIVEN') OR EXISTS (
    SELECT FROM worklist_item i WHERE i.kind = 'TELL_PLATFORM' AND i.subject = 'offer'
      AND i.subject_id = f.id AND i.done_at IS NULL))
  AND (%(ids)s::bigint[] IS NULL OR o.id = ANY(%(ids)s))
ORDER BY f.id
"""


def stop_chasing(*, by: Actor, now: datetime, orders: Sequence[int] | None = None) -> int:
    """Take back what was not said yet about orders that wait for payment no longer.

    Their offers end: taken if they were paid. Without `orders` (ids) all of them are looked at.
    Return how many messages were taken back.
    """
    ids = None if orders is None else list(orders)
    with connection.cursor() as cursor:
        cursor.execute(OVER, {"ids": ids})
        offers = cursor.fetchall()
        cursor.execute(UNSAID, {"ids": ids})
        messages = [pk for (pk,) in cursor.fetchall()]
    _end_offers(offers, by, now)
    if not messages:
        return 0
    why = _("The order waits for payment no longer")
    close_items([Kind.MESSAGE], "message", messages, by=by, now=now, why=why)
    return withdraw(Message.objects.filter(pk__any=messages), by=by, why=why)


def _end_offers(offers: Sequence[tuple[int, bool, bool]], by: Actor, now: datetime) -> None:
    """Who paid has taken the offer, if it was the lower price that the platform took."""
    if not offers:
        return
    ids = [pk for pk, _is_paid, _is_lower in offers]
    paid = [pk for pk, is_paid, _is_lower in offers if is_paid]
    taken = [pk for pk, is_paid, is_lower in offers if is_paid and is_lower]
    still = ChaseOffer.objects.filter(state__in=(OfferState.ASKED, OfferState.GIVEN))
    with entry("chase.offers_ended", by=by, count=len(offers)):
        given = still.filter(pk__any=taken, state=OfferState.GIVEN)
        given.update(state=OfferState.TAKEN, ended_at=now)
        still.filter(pk__any=paid).update(state=OfferState.EXPIRED, ended_at=now)
        still.filter(pk__any=ids).update(state=OfferState.CLOSED, ended_at=now)
        why = _("The order waits for payment no longer")
        kinds = (Kind.APPROVAL, Kind.TELL_PLATFORM)
        close_items(kinds, "offer", ids, by=by, now=now, why=why)
