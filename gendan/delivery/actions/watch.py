"""Lets parcels in trouble wait for a person, and takes that back when they move again."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from gendan.delivery.queries.alarms import ALARM_KINDS, SUBJECT, Alarm, alarms
from gendan.journal.actors import Actor
from gendan.worklist.actions import NewItem, close_items, open_items
from gendan.worklist.models import Item, ItemQuerySet, Kind

Key = tuple[str, int, str]  # kind, parcel, episode


def watch(*, by: Actor, now: datetime, shipment_ids: Sequence[int] | None = None) -> int:
    """Open what is newly wrong and close what no longer is; return how many alarms are new.

    Of every parcel on its way, or of these only.
    """
    with transaction.atomic():
        found = alarms(now=now, shipment_ids=shipment_ids)
        waiting = _keys(_waiting(shipment_ids))
        _close(waiting - {alarm.key for alarm in found}, by=by, now=now)
        known = waiting | _keys(_dealt_with(found))
        wanted = [_item(alarm) for alarm in found if alarm.key not in known]
        return open_items(wanted, by=by, now=now)


def _waiting(shipment_ids: Sequence[int] | None) -> ItemQuerySet:
    waiting = Item.objects.open().filter(kind__in=ALARM_KINDS, subject=SUBJECT)
    return waiting if shipment_ids is None else waiting.filter(subject_id__any=shipment_ids)


def _dealt_with(found: Sequence[Alarm]) -> ItemQuerySet:
    """Return what a person has finished about these parcels."""
    ids = [alarm.shipment_id for alarm in found]
    return Item.objects.filter(
        kind__in=ALARM_KINDS, subject=SUBJECT, subject_id__any=ids, done_by__isnull=False
    )


def _close(settled: set[Key], *, by: Actor, now: datetime) -> None:
    for kind in sorted({kind for kind, _id, _episode in settled}):
        ids = {subject_id for of, subject_id, _episode in settled if of == kind}
        close_items([Kind(kind)], SUBJECT, ids, by=by, now=now, why=_("The parcel moved again."))


def _keys(items: ItemQuerySet) -> set[Key]:
    return set(items.values_list("kind", "subject_id", "detail"))


def _item(alarm: Alarm) -> NewItem:
    return NewItem(
        kind=alarm.kind,
        subject=SUBJECT,
        subject_id=alarm.shipment_id,
        detail=alarm.episode[:120],
        facts={"number": alarm.number, "problem": alarm.trouble},
        shop_id=alarm.shop_id,
        warehouse_id=alarm.warehouse_id,
    )
