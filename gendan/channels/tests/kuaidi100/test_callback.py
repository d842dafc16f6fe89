import json
from typing import Any

import pytest
from django.test import Client as Browser
from pytest_django import Settings

from gendan.channels.kuaidi100.account import callback_url, shipment_of
from gendan.channels.kuaidi100.signing import callback_sign
from gendan.delivery.models import Notice, Subscription, Trace
from gendan.delivery.tests.conftest import ParcelMaker
from gendan.warehouse.models import Shipment
from gendan.warehouse.stages import Stage
from gendan.worklist.models import Item, Kind

SALT = "salt-of-ours"
SIGNED = {
    "time": "2026-11-20 14:32:37",
    "status": "签收",
    "statusCode": "301",
    "context": "已签收，快递员：刘某【13900000001】",
}


@pytest.fixture(autouse=True)
def salted(settings: Settings) -> None:
    settings.KUAIDI100_SALT = SALT


def message(parcel: Shipment, *rows: dict[str, str], state: str = "3", **more: Any) -> str:
    told = {"nu": parcel.waybill, "com": "yuantong", "state": state, "data": list(rows)}
    return json.dumps({"status": "polling", "message": "变化", "lastResult": told, **more})


def push(parcel: Shipment, param: str, *, salt: str = SALT, token: str = "") -> tuple[int, Any]:
    path = callback_url(parcel.pk).removeprefix("http://127.0.0.1:8000")
    path = f"/callback/kuaidi100/{token}" if token else path
    strict = Browser(enforce_csrf_checks=True)
    answer = strict.post(path, {"param": param, "sign": callback_sign(param, salt)})
    return answer.status_code, answer.json()


def test_a_signed_message_is_recorded_and_kept_as_it_came(make_parcels: ParcelMaker) -> None:
    parcel = make_parcels().get()
    param = message(parcel, SIGNED)
    yes = {"result": True, "returnCode": "200", "message": "成功"}
    assert push(parcel, param) == (200, yes)
    parcel.refresh_from_db()
    assert parcel.stage == Stage.DELIVERED
    assert Trace.objects.get().text == "已签收，快递员：刘**【139****0001】"
    assert Trace.objects.get().code == "301"
    assert Notice.objects.get().body == param


def test_a_wrong_signature_changes_nothing(make_parcels: ParcelMaker) -> None:
    parcel = make_parcels().get()
    status, said = push(parcel, message(parcel, SIGNED), salt="stolen")
    assert (status, said["result"]) == (403, False)
    parcel.refresh_from_db()
    assert parcel.stage == Stage.SHIPPED
    assert not Notice.objects.exists()


def test_a_replayed_message_changes_nothing_more(make_parcels: ParcelMaker) -> None:
    parcel = make_parcels().get()
    param = message(parcel, SIGNED)
    assert push(parcel, param)[0] == push(parcel, param)[0] == 200
    assert Trace.objects.count() == Notice.objects.count() == 1


def test_another_address_is_not_found(make_parcels: ParcelMaker) -> None:
    parcel = make_parcels().get()
    status, _said = push(parcel, message(parcel, SIGNED), token=f"{parcel.pk}:guessed")
    assert status == 404
    assert shipment_of("nonsense") is None


def test_a_message_about_another_parcel_is_kept_and_not_believed(
    make_parcels: ParcelMaker,
) -> None:
    one, other = make_parcels(2)
    assert push(one, message(other, SIGNED))[0] == 200
    assert Notice.objects.exists()
    assert not Trace.objects.exists()


def test_nothing_found_delivers_nothing(make_parcels: ParcelMaker) -> None:
    parcel = make_parcels().get()
    push(parcel, message(parcel, {"time": "2026-11-20 08:00:00", "context": "查无结果"}))
    parcel.refresh_from_db()
    assert parcel.stage == Stage.SHIPPED
    assert not Trace.objects.exists()


def test_a_message_that_is_none_is_kept_and_asked_for_again(make_parcels: ParcelMaker) -> None:
    parcel = make_parcels().get()
    assert push(parcel, "{oops")[0] == 400
    assert Notice.objects.get().body == "{oops"


def test_a_parcel_given_up_waits_for_a_person(make_parcels: ParcelMaker) -> None:
    parcel = make_parcels().get()
    push(parcel, message(parcel, state="0", status="abort", message="3天查询无记录"))
    assert Subscription.objects.get().state == "GIVEN_UP"
    item = Item.objects.get()
    assert item.kind == Kind.TRACKING
    assert "3天查询无记录" in item.facts["problem"]
