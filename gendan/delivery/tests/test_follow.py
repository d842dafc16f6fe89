from datetime import timedelta

import pytest
from django.utils import timezone

from gendan.delivery.following import (
    TRIES,
    NotAgainYet,
    Outcome,
    follow,
    follow_again,
    follow_new,
    settle,
    take_asked,
    take_silent,
    take_waiting,
)
from gendan.delivery.models import Subscription, SubscriptionState
from gendan.delivery.queries.parcels import Parcel, last_four
from gendan.delivery.tests.conftest import PROVIDER, ParcelMaker
from gendan.warehouse.models import Shipment
from gendan.warehouse.stages import Stage


def taken() -> list[Parcel]:
    return take_waiting(provider=PROVIDER)


def settled(*outcomes: Outcome) -> Subscription:
    settle(outcomes, provider=PROVIDER, now=timezone.now())
    return Subscription.objects.get()


def test_every_shipped_parcel_is_followed_once(make_parcels: ParcelMaker) -> None:
    make_parcels(2)
    make_parcels(stage=Stage.PACKED, shipped_at=None)
    assert follow_new(provider=PROVIDER) == 2
    assert follow_new(provider=PROVIDER) == 0
    assert follow(Shipment.objects.all(), provider=PROVIDER) == 0


def test_a_waiting_parcel_is_taken_by_one_worker(make_parcels: ParcelMaker) -> None:
    make_parcels()
    follow_new(provider=PROVIDER)
    (parcel,) = taken()
    assert (parcel.carrier, parcel.phone, parcel.tries) == ("yuantong", "0001", 1)
    assert taken() == []


def test_a_subscribed_parcel_is_followed(make_parcels: ParcelMaker) -> None:
    make_parcels()
    follow_new(provider=PROVIDER)
    known = settled(*(Outcome(parcel) for parcel in taken()))
    assert known.state == SubscriptionState.FOLLOWED
    assert known.subscribed_at is not None


def test_a_refused_parcel_waits_and_tries_again(make_parcels: ParcelMaker) -> None:
    make_parcels()
    follow_new(provider=PROVIDER)
    (parcel,) = taken()
    known = settled(Outcome(parcel, "network", again=True))
    assert known.state == SubscriptionState.WAITING
    assert known.next_at > timezone.now() + timedelta(minutes=1)
    Subscription.objects.update(next_at=timezone.now())
    assert [parcel.tries for parcel in taken()] == [2]


def test_it_gives_up_after_some_tries_or_a_final_no(make_parcels: ParcelMaker) -> None:
    make_parcels()
    follow_new(provider=PROVIDER)
    (parcel,) = taken()
    often = Parcel(parcel.shipment_id, parcel.carrier, parcel.waybill, parcel.phone, TRIES)
    assert settled(Outcome(often, "network", again=True)).state == SubscriptionState.FAILED
    assert follow_again(Shipment.objects.all(), provider=PROVIDER) == 1
    assert settled(Outcome(parcel, "700")).state == SubscriptionState.FAILED


def test_the_silent_are_asked_after_hours(make_parcels: ParcelMaker) -> None:
    make_parcels(hours_ago=30)
    follow_new(provider=PROVIDER)
    Subscription.objects.update(state=SubscriptionState.FOLLOWED)
    assert len(take_silent(provider=PROVIDER)) == 1
    assert take_silent(provider=PROVIDER) == []


def test_who_was_heard_lately_is_not_asked(make_parcels: ParcelMaker) -> None:
    make_parcels(hours_ago=30)
    follow_new(provider=PROVIDER)
    Subscription.objects.update(state=SubscriptionState.FOLLOWED, heard_at=timezone.now())
    assert take_silent(provider=PROVIDER) == []


def test_a_person_may_ask_each_half_hour(make_parcels: ParcelMaker) -> None:
    parcels = make_parcels()
    follow_new(provider=PROVIDER)
    assert len(take_asked(parcels, provider=PROVIDER)) == 1
    with pytest.raises(NotAgainYet):
        take_asked(parcels, provider=PROVIDER)
    Subscription.objects.update(asked_at=timezone.now() - timedelta(minutes=31))
    assert len(take_asked(parcels, provider=PROVIDER)) == 1


@pytest.mark.parametrize(
    ("phone", "four"),
    [("13900000001", "0001"), ("138****1234", "1234"), ("139", ""), ("****", ""), ("", "")],
)
def test_the_last_four_digits(phone: str, four: str) -> None:
    assert last_four(phone) == four
