"""Subscribes shipped parcels at Kuaidi100 and asks about those it is silent on."""

from collections.abc import Iterable, Sequence

from django.utils import timezone

from gendan.channels.kuaidi100.account import account, callback_url, salt
from gendan.channels.kuaidi100.account_trouble import tell_of_account
from gendan.channels.kuaidi100.answers import Track
from gendan.channels.kuaidi100.client import Client
from gendan.channels.kuaidi100.intake import KUAIDI100, take_in_answers
from gendan.channels.kuaidi100.refusals import Refused
from gendan.channels.kuaidi100.states import PROVIDER
from gendan.delivery.actions.watch import watch
from gendan.delivery.following import (
    Outcome,
    follow_new,
    settle,
    take_silent,
    take_waiting,
)
from gendan.delivery.queries.parcels import Parcel, parcels


def subscribe_new() -> int:
    """Subscribe every shipped parcel that waits for it; return how many were tried.

    When our account is refused, nothing more is tried and one work item says so.
    """
    ours = account()
    if ours is None:
        return 0
    follow_new(provider=PROVIDER)
    tried = 0
    with Client(ours) as client:
        while batch := take_waiting(provider=PROVIDER):
            tried += len(batch)
            outcomes, trouble = _subscribed(client, batch)
            settle(outcomes, provider=PROVIDER, now=timezone.now())
            watch(by=KUAIDI100, now=timezone.now(), shipment_ids=_ids(batch))
            tell_of_account(trouble)
            if trouble:
                break
    return tried


def ask_silent() -> int:
    """Ask about parcels of which nothing was pushed for hours; return the new points."""
    return _ask(take_silent(provider=PROVIDER))


def ask_about(shipment_ids: Sequence[int]) -> int:
    """Ask about these parcels, which `take_asked` let through; return the new points."""
    return _ask(parcels(shipment_ids, provider=PROVIDER))


def _ask(wanted: Sequence[Parcel]) -> int:
    ours = account()
    if ours is None or not wanted:
        return 0
    with Client(ours) as client:
        return take_in_answers(_told(client, wanted))


def _told(client: Client, wanted: Iterable[Parcel]) -> dict[int, Track]:
    tracks = {}
    for parcel in wanted:
        try:
            track = client.query(parcel.carrier, parcel.waybill, parcel.phone)
        except Refused:
            # Not knowing is no news; the clocks of the alarms go on.
            continue
        tracks[parcel.shipment_id] = track
    return tracks


def _subscribed(client: Client, batch: Iterable[Parcel]) -> tuple[list[Outcome], Refused | None]:
    """How each went, and the refusal of our account at which it stopped."""
    outcomes: list[Outcome] = []
    for parcel in batch:
        refused = _refusal(client, parcel)
        if refused and refused.of_account:
            return outcomes, refused
        outcomes.append(_outcome(parcel, refused))
    return outcomes, None


def _refusal(client: Client, parcel: Parcel) -> Refused | None:
    url = callback_url(parcel.shipment_id)
    try:
        client.subscribe(
            parcel.carrier, parcel.waybill, parcel.phone, callback_url=url, salt=salt()
        )
    except Refused as refused:
        return refused
    return None


def _outcome(parcel: Parcel, refused: Refused | None) -> Outcome:
    return Outcome(parcel, refused.advice, refused.again) if refused else Outcome(parcel)


def _ids(batch: Iterable[Parcel]) -> list[int]:
    return [parcel.shipment_id for parcel in batch]
