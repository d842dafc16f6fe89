"""Keeps the promises of providers to tell us of parcels: who is to be subscribed, who to be asked.

Subscriptions are moved by machines, many thousands a day; they have no journal. What a person must
see of them is a work item.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from gendan.delivery.models import Subscription, SubscriptionState
from gendan.delivery.queries.parcels import Parcel, parcels
from gendan.ui.errors import Refused
from gendan.warehouse.models import ShipmentQuerySet

# A try that was begun and never ended, because a worker died, is begun again after this.
LEASE = timedelta(minutes=10)
TRIES = 6
# Providers push at least every 4 hours; who is silent for longer is asked.
SILENCE = timedelta(hours=5)
# Providers refuse to be asked about the same number more often.
ASK_AGAIN_AFTER = timedelta(minutes=30)
# The job is done by whichever channel speaks to the provider; this room only names it.
ASK_JOB = "delivery.ask_{provider}"

BEGIN_NEW = """
INSERT INTO delivery_subscription (shipment_id, provider, state, tries, problem, last_state)
SELECT id, %s, 'WAITING', 0, '', '' FROM warehouse_shipment
WHERE stage = 'SHIPPED' AND waybill <> '' AND id = ANY(%s)
ON CONFLICT (shipment_id, provider) DO NOTHING
"""

BEGIN_ALL_NEW = """
INSERT INTO delivery_subscription (shipment_id, provider, state, tries, problem, last_state)
SELECT s.id, %s, 'WAITING', 0, '', '' FROM warehouse_shipment s
WHERE s.stage = 'SHIPPED' AND s.waybill <> ''
  AND NOT EXISTS (SELECT FROM delivery_subscription d WHERE d.shipment_id = s.id)
ON CONFLICT (shipment_id, provider) DO NOTHING
"""

TAKE_WAITING = """
UPDATE delivery_subscription SET tries = tries + 1, next_at = statement_timestamp() + %(lease)s
WHERE id IN (
  SELECT id FROM delivery_subscription
  WHERE state = 'WAITING' AND next_at <= statement_timestamp() AND provider = %(provider)s
  ORDER BY next_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
RETURNING shipment_id
"""

TAKE_SILENT = """
UPDATE delivery_subscription SET asked_at = statement_timestamp()
WHERE id IN (
  SELECT d.id FROM delivery_subscription d JOIN warehouse_shipment s ON s.id = d.shipment_id
  WHERE d.state IN ('FOLLOWED', 'GIVEN_UP', 'FAILED') AND d.provider = %(provider)s
    AND s.stage IN ('SHIPPED', 'REFUSED')
    AND greatest(d.heard_at, d.asked_at, d.subscribed_at, s.shipped_at)
      < statement_timestamp() - %(silence)s
  ORDER BY d.heard_at NULLS FIRST LIMIT %(limit)s FOR UPDATE OF d SKIP LOCKED)
RETURNING shipment_id
"""

TAKE_ASKED = """
UPDATE delivery_subscription SET asked_at = statement_timestamp()
WHERE shipment_id = ANY(%(ids)s) AND provider = %(provider)s
  AND (asked_at IS NULL OR asked_at < statement_timestamp() - %(pause)s)
RETURNING shipment_id
"""

SETTLE = """
UPDATE delivery_subscription d SET
  state = r.state, problem = r.problem, next_at = coalesce(r.next_at, d.next_at),
  subscribed_at = CASE r.state WHEN 'FOLLOWED' THEN now() ELSE d.subscribed_at END
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::timestamptz[])
  AS r (shipment_id, state, problem, next_at)
WHERE d.shipment_id = r.shipment_id AND d.provider = %s
"""


class NotAgainYet(Refused):
    """The parcel was asked about less than half an hour ago."""


@dataclass(frozen=True)
class Outcome:
    """How subscribing one parcel went; an empty problem means well."""

    parcel: Parcel
    problem: str = ""
    again: bool = False


def follow(shipments: ShipmentQuerySet, *, provider: str) -> int:
    """Wish to be told of these shipped parcels; who is followed already stays as they are."""
    ids = list(shipments.values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(BEGIN_NEW, [provider, ids])
        return int(cursor.rowcount)


def follow_new(*, provider: str) -> int:
    """Wish to be told of every shipped parcel that nobody follows yet."""
    with connection.cursor() as cursor:
        cursor.execute(BEGIN_ALL_NEW, [provider])
        return int(cursor.rowcount)


def follow_again(shipments: ShipmentQuerySet, *, provider: str) -> int:
    """Try to subscribe refused or given-up parcels once more, from now on."""
    return Subscription.objects.filter(
        shipment__in=shipments,
        provider=provider,
        state__in=(SubscriptionState.FAILED, SubscriptionState.GIVEN_UP),
    ).update(state=SubscriptionState.WAITING, tries=0, problem="", next_at=timezone.now())


def take_waiting(*, provider: str, limit: int = 100) -> list[Parcel]:
    """Parcels to be subscribed now; nobody else takes them for the time of the lease."""
    return _taken(TAKE_WAITING, provider=provider, limit=limit, lease=LEASE)


def take_silent(*, provider: str, limit: int = 100) -> list[Parcel]:
    """Parcels whose provider has been silent too long and may be asked."""
    return _taken(TAKE_SILENT, provider=provider, limit=limit, silence=SILENCE)


def take_asked(shipments: ShipmentQuerySet, *, provider: str) -> list[Parcel]:
    """Those of the parcels that may be asked about now.

    :raises NotAgainYet: if none of them may
    """
    ids = list(shipments.values_list("pk", flat=True))
    taken = _taken(TAKE_ASKED, provider=provider, ids=ids, pause=ASK_AGAIN_AFTER)
    if not taken:
        raise NotAgainYet(_("Asked less than half an hour ago. Try again in a few minutes."))
    return taken


def ask_now(shipments: ShipmentQuerySet, *, provider: str) -> int:
    """Let the provider be asked about parcels in a moment; return about how many.

    :raises NotAgainYet: if all of them were asked about in the last half hour
    """
    follow(shipments, provider=provider)  # who has just left the house is not followed yet
    taken = take_asked(shipments, provider=provider)
    job = app.configure_task(ASK_JOB.format(provider=provider.lower()), allow_unknown=True)
    job.defer(shipment_ids=[parcel.shipment_id for parcel in taken])
    return len(taken)


def settle(outcomes: Iterable[Outcome], *, provider: str, now: datetime) -> None:
    """Write down how subscribing went; who may succeed later waits longer after each try."""
    rows = [_settled(outcome, now) for outcome in outcomes]
    columns: Sequence[Sequence[object]] = list(zip(*rows, strict=True)) or [[], [], [], []]
    with connection.cursor() as cursor:
        cursor.execute(SETTLE, [*(list(column) for column in columns), provider])


def _settled(outcome: Outcome, now: datetime) -> tuple[int, str, str, datetime | None]:
    parcel = outcome.parcel
    if not outcome.problem:
        return parcel.shipment_id, SubscriptionState.FOLLOWED, "", None
    if outcome.again and parcel.tries < TRIES:
        pause = timedelta(minutes=2**parcel.tries)
        return parcel.shipment_id, SubscriptionState.WAITING, outcome.problem, now + pause
    return parcel.shipment_id, SubscriptionState.FAILED, outcome.problem, None


def _taken(statement: str, *, provider: str, **values: Any) -> list[Parcel]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"provider": provider, **values})
        ids = [row[0] for row in cursor.fetchall()]
    return parcels(ids, provider=provider)
