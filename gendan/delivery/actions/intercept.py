"""Intercepting parcels that have left: the carrier is asked, and answers."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _

from gendan.delivery.models import Aim, Interception, InterceptionQuerySet, InterceptionState
from gendan.journal.actors import Actor
from gendan.journal.writing import entry
from gendan.ui.errors import Refused
from gendan.warehouse.models import Shipment
from gendan.worklist.actions import NewItem, close_items, open_items
from gendan.worklist.models import Kind

SUBJECT = "interception"

# The parcel goes from now on where its order says. A combined one goes on to one place: the orders
# of it went to the same, and who asks for one of them asks for the parcel.
ELSEWHERE = """
UPDATE warehouse_shipment s SET receiver_name = o.receiver_name,
  receiver_phone = o.receiver_phone, province = o.province, city = o.city, district = o.district,
  street = o.street, address = o.address, division = o.division, zip = o.zip,
  place_key = o.place_key
FROM delivery_interception i JOIN orders_amendment a ON a.id = i.amendment_id
JOIN orders_order o ON o.id = a.order_id
WHERE i.id = ANY(%s) AND i.aim = 'ELSEWHERE' AND s.id = i.shipment_id
"""


class AnsweredAlready(Refused):
    """The carrier has answered some of these, or nobody asked."""


class NothingSaid(Refused):
    """A refusal needs the carrier's words: the customer will ask."""


def intercept(
    wanted: Sequence[Interception], *, by: Actor, now: datetime, why: str = ""
) -> InterceptionQuerySet:
    """Let a merchandiser ask the carriers; the parcels stay as they are until they answer."""
    if not wanted:
        return Interception.objects.none()
    with entry("interception.asked", by=by, why=why):
        made = Interception.objects.bulk_create(wanted)
        parcels = Shipment.objects.numbered({one.shipment_id for one in made})
        shipments = {parcel.pk: parcel for parcel in parcels.select_related("carrier")}
        items = [_item(one, shipments[one.shipment_id]) for one in made]
        open_items(items, by=by, now=now)
    return Interception.objects.numbered(one.pk for one in made)


def accept(
    interceptions: InterceptionQuerySet, *, by: Actor, now: datetime, words: str = "", why: str = ""
) -> InterceptionQuerySet:
    """Note that carriers do it; a parcel that goes elsewhere bears the new address from now on.

    :raises AnsweredAlready: if one has been answered before
    """
    with entry("interception.accepted", by=by, why=why or words):
        answered = _answer(interceptions, InterceptionState.ACCEPTED, words, by=by, now=now)
        with connection.cursor() as cursor:
            cursor.execute(ELSEWHERE, [list(answered.values_list("pk", flat=True))])
    return answered


def refuse(
    interceptions: InterceptionQuerySet, *, by: Actor, now: datetime, words: str, why: str = ""
) -> InterceptionQuerySet:
    """Note that carriers don't: the parcels go on to where they were sent.

    :raises NothingSaid: without the carrier's words
    :raises AnsweredAlready: if one has been answered before
    """
    if not words.strip():
        raise NothingSaid(_("Write what the carrier said: the customer will ask."))
    with entry("interception.refused", by=by, why=why or words):
        answered = _answer(interceptions, InterceptionState.REFUSED, words, by=by, now=now)
        ask_owners(answered.filter(remedy=""), by=by, now=now)
    return answered


def ask_owners(interceptions: InterceptionQuerySet, *, by: Actor, now: datetime) -> int:
    """Let whoever the customers told of it decide what now; return how many items are new."""
    rows = interceptions.select_related("shipment__carrier", "amendment__order").order_by("pk")
    return open_items([_not_stopped(one) for one in rows], by=by, now=now)


def _answer(
    interceptions: InterceptionQuerySet,
    state: InterceptionState,
    words: str,
    *,
    by: Actor,
    now: datetime,
) -> InterceptionQuerySet:
    ids = sorted(set(interceptions.values_list("pk", flat=True)))
    chosen = Interception.objects.numbered(ids)
    waiting = chosen.filter(state=InterceptionState.ASKED)
    if waiting.update(state=state, words=words.strip()[:300], answered_at=now) != len(ids):
        raise AnsweredAlready(_("The carrier has answered this already. Load the page again."))
    said = words.strip() or str(state.label)
    close_items([Kind.INTERCEPTION, Kind.NOT_STOPPED], SUBJECT, ids, by=by, now=now, why=said)
    return chosen


def _not_stopped(one: Interception) -> NewItem:
    parcel, amendment = one.shipment, one.amendment
    state = InterceptionState(one.state)
    asked = state == InterceptionState.ASKED
    facts = {
        **_facts(one, parcel),
        "order": amendment.order.number,
        "words": one.words or (_("no answer in time") if asked else str(state.label)),
    }
    more = {
        "facts": facts,
        "warehouse_id": None,
        "owner_id": amendment.owner_id,
    }  # no packer's work
    return NewItem.at(parcel, Kind.NOT_STOPPED, SUBJECT, one.pk, **more)


def _facts(one: Interception, parcel: Shipment) -> dict[str, str]:
    return {
        "number": parcel.number,
        "waybill": f"{parcel.carrier or ''} {parcel.waybill}".strip(),
        "aim": str(Aim(one.aim).label),
    }


def _item(one: Interception, parcel: Shipment) -> NewItem:
    return NewItem.at(parcel, Kind.INTERCEPTION, SUBJECT, one.pk, facts=_facts(one, parcel))
