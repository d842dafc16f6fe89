from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest
from django.test import Client as Browser
from django.utils import timezone
from pytest_django import Settings

from gendan.channels.kuaidi100 import following
from gendan.channels.tests.kuaidi100.conftest import Listener, wait_for
from gendan.delivery.following import NotAgainYet, follow_new, take_asked
from gendan.delivery.models import Notice, Subscription, Trace
from gendan.delivery.tests.conftest import ParcelMaker
from gendan.warehouse.stages import Stage
from gendan.worklist.models import Item, Kind

Use = Callable[[str], None]


def test_a_parcel_goes_the_whole_way_over_http(
    make_parcels: ParcelMaker,
    simulator: str,
    listener: Listener,
    ours: Use,
    settings: Settings,
) -> None:
    ours(simulator)
    settings.PUBLIC_URL = listener.url.rstrip("/")
    parcel = make_parcels(waybill="YT0000000000010").get()
    assert following.subscribe_new() == 1
    assert Subscription.objects.get().state == "FOLLOWED"
    wait_for(lambda: any('"status":"shutdown"' in came["param"] for came in listener.pushed))
    for path, came in zip(listener.paths, listener.pushed, strict=True):
        assert Browser().post(path, came).json()["result"] is True
    parcel.refresh_from_db()
    assert parcel.stage == Stage.DELIVERED
    assert Trace.objects.filter(shipment=parcel).count() == 7
    assert Subscription.objects.get().state == "ENDED"


def test_a_refused_account_is_one_work_item_and_mends_itself(
    make_parcels: ParcelMaker, simulator: str, ours: Use, settings: Settings
) -> None:
    ours(simulator)
    settings.KUAIDI100_KEY = "wrong"
    make_parcels(3)
    assert following.subscribe_new() == 3
    item = Item.objects.open().get()
    assert item.kind == Kind.JOB
    assert "600" in item.facts["problem"]
    assert set(Subscription.objects.values_list("state", flat=True)) == {"WAITING"}
    settings.KUAIDI100_KEY = "gendan-demo-key"
    Subscription.objects.update(next_at="2026-01-01T00:00Z")
    following.subscribe_new()
    assert not Item.objects.open().exists()


def test_a_parcel_that_is_refused_is_named_with_the_remedy(
    make_parcels: ParcelMaker, simulator: str, ours: Use
) -> None:
    ours(simulator)
    make_parcels(waybill="x")
    make_parcels(waybill="YT0000000000010")
    assert following.subscribe_new() == 2
    item = Item.objects.open().get()
    assert item.kind == Kind.TRACKING
    assert "400" in item.facts["problem"]


def test_the_silent_are_asked(make_parcels: ParcelMaker, slow_simulator: str, ours: Use) -> None:
    ours(slow_simulator)
    parcels = make_parcels(waybill="YT0000000000010", hours_ago=40)
    told = {"company": "yuantong", "number": "YT0000000000010"}
    left = {"left_at": (timezone.now() - timedelta(hours=40)).isoformat()}
    httpx.post(f"{slow_simulator}/sim/ship", json={**told, **left})
    follow_new(provider="KUAIDI100")
    Subscription.objects.update(state="FOLLOWED")
    assert following.ask_silent() == 7
    assert Notice.objects.count() == 1
    assert parcels.get().stage == Stage.DELIVERED
    with pytest.raises(NotAgainYet):
        take_asked(parcels, provider="KUAIDI100")


def test_without_an_account_nothing_is_asked(make_parcels: ParcelMaker) -> None:
    make_parcels()
    assert following.subscribe_new() == 0
    assert not Subscription.objects.exists()
