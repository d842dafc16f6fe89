"""Takes in what Kuaidi100 pushes or answers: kept as it came, then told to the delivery room."""

import hashlib

import orjson

from gendan.channels.kuaidi100.answers import Push, Track, read_push
from gendan.channels.kuaidi100.masking import mask
from gendan.channels.kuaidi100.states import PROVIDER
from gendan.delivery.actions.record_traces import record_traces
from gendan.delivery.models import Notice, SubscriptionState
from gendan.delivery.reports import Point, Report
from gendan.journal.actors import Channel
from gendan.warehouse.models import Shipment

KUAIDI100 = Channel("快递100")


class Unreadable(Exception):
    """A genuine message that is none; it is kept, so that somebody can look at it."""


def take_in_push(param: str, *, shipment_id: int) -> int:
    """Keep a pushed message and record its traces; again changes nothing. Return the new points.

    :raises Unreadable: if the message cannot be read; it is kept all the same
    """
    _keep(param, shipment_id)
    try:
        push = read_push(orjson.loads(param))
    except (orjson.JSONDecodeError, AttributeError, KeyError, ValueError) as failure:
        raise Unreadable(str(failure)) from failure
    if not _is_about(push.track.number, shipment_id):
        return 0
    return record_traces([_report(push.track, shipment_id, push)], by=KUAIDI100)


def take_in_answers(tracks: dict[int, Track]) -> int:
    """Keep the answers to our questions, by shipment, and record them; return the new points."""
    for shipment_id, track in tracks.items():
        _keep(orjson.dumps(track.raw).decode(), shipment_id)
    return record_traces(
        [_report(track, shipment_id) for shipment_id, track in tracks.items()], by=KUAIDI100
    )


def _keep(body: str, shipment_id: int) -> None:
    digest = hashlib.sha256(body.encode()).digest()
    notice = Notice(provider=PROVIDER, shipment_id=shipment_id, digest=digest, body=body)
    # The same message again is the same row: a retry, or a replay.
    Notice.objects.bulk_create([notice], ignore_conflicts=True)


def _is_about(number: str, shipment_id: int) -> bool:
    return Shipment.objects.filter(pk=shipment_id, waybill__iexact=number).exists()


def _report(track: Track, shipment_id: int, push: Push | None = None) -> Report:
    points = tuple(
        Point(point.at, mask(point.text), point.state, point.code[:20], point.area[:120])
        for point in track.points
    )
    return Report(
        shipment_id=shipment_id,
        provider=PROVIDER,
        state=track.state,
        points=points,
        subscription=_followed(push),
        problem=push.said if push and push.given_up else "",
    )


def _followed(push: Push | None) -> SubscriptionState:
    if push and push.given_up:
        return SubscriptionState.GIVEN_UP
    if push and push.status == "shutdown":
        return SubscriptionState.ENDED
    return SubscriptionState.FOLLOWED
